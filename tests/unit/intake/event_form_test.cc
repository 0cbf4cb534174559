// SPDX-License-Identifier: Apache-2.0
#include "intake/event_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kstati::intake {
namespace {

using testing::HasSubstr;

std::string EventWith(const std::string& more) {
  return R"({"source":"s","id":"1","type":"registry.facts","subject":"17",)"
         R"("occurred_on":"2026-03-15")" +
         more + "}";
}

std::string FactWith(const std::string& value) {
  return EventWith(R"(,"facts":[{"citizen":"17","attribute":"a.b","value":)" + value + "}]");
}

rpc::Value ValueOf(const std::string& value) {
  const auto event = ParseEvent(FactWith(value));
  EXPECT_TRUE(event) << value << ": " << event.error().ToString();
  return event ? event->facts[0].value : rpc::Value();
}

Error ErrorOf(const std::string& line) {
  const auto event = ParseEvent(line);
  EXPECT_FALSE(event) << line;
  return event ? Error() : event.error();
}

TEST(EventFormTest, PlainValuesAreOfTheirKind) {
  EXPECT_TRUE(ValueOf("true").__isset.boolean);
  EXPECT_EQ(ValueOf("12").number, "12");
  EXPECT_EQ(ValueOf("-9007199254740993").number, "-9007199254740993");
  EXPECT_EQ(ValueOf("\"2026-03-15\"").date, "2026-03-15");
  EXPECT_EQ(ValueOf("\"77\"").text, "77");
  EXPECT_EQ(ValueOf("\"2026-02-30\"").text, "2026-02-30");
  EXPECT_EQ(ValueOf("null"), rpc::Value());
}

TEST(EventFormTest, ValuesMaySayTheirKind) {
  EXPECT_EQ(ValueOf(R"({"number":"12.50"})").number, "12.50");
  EXPECT_EQ(ValueOf(R"({"text":"2026-03-15"})").text, "2026-03-15");
}

TEST(EventFormTest, FractionsAreRefusedBecauseTheyWouldLoseDigits) {
  EXPECT_EQ(ErrorOf(FactWith("12.5")).place, "facts[0].value");
}

TEST(EventFormTest, ErrorsNameTheField) {
  EXPECT_THAT(ErrorOf("{}").place, "source");
  EXPECT_THAT(ErrorOf("[]").message, HasSubstr("object"));
  EXPECT_THAT(ErrorOf("{\"source\":").message, HasSubstr("JSON"));
  EXPECT_THAT(ErrorOf(EventWith(R"(,"fact":[])")).remedy, HasSubstr("facts"));
  EXPECT_EQ(ErrorOf(EventWith(R"(,"facts":[{"citizen":17}])")).place, "facts[0].citizen");
  EXPECT_EQ(ErrorOf(EventWith(R"(,"facts":[5])")).place, "facts[0]");
  EXPECT_EQ(ErrorOf(EventWith(R"(,"participants":{"mother":"17"})")).place, "participants");
  EXPECT_EQ(ErrorOf(FactWith("[1]")).place, "facts[0].value");
  EXPECT_EQ(ErrorOf(FactWith(R"({"number":12})")).place, "facts[0].value");
}

TEST(EventFormTest, EvidenceIsAnObjectOfTextsWithAKind) {
  const auto read = ParseEvent(EventWith(R"(,"evidence":{"kind":"self_declaration"})"));
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->evidence.kind, "self_declaration");
  EXPECT_FALSE(read->evidence.__isset.assurance);
  EXPECT_EQ(ErrorOf(EventWith(R"(,"evidence":"seen")")).place, "evidence");
  EXPECT_EQ(ErrorOf(EventWith(R"(,"evidence":{})")).place, "evidence.kind");
  EXPECT_EQ(ErrorOf(EventWith(R"(,"evidence":{"kind":"x","issuer":5})")).place, "evidence.issuer");
  EXPECT_EQ(ErrorOf(EventWith(R"(,"evidence":{"kind":"x","isuer":"y"})")).remedy,
            "did you mean `issuer`?");
}

TEST(EventFormTest, ValuesStayOutOfMessages) {
  EXPECT_THAT(ErrorOf(FactWith(R"({"secret":"x"})")).ToString(), testing::Not(HasSubstr("secret")));
}

rpc::Value AnyValue() {
  rpc::Value value;
  switch (*rc::gen::inRange(0, 5)) {
    case 0: value.__set_boolean(*rc::gen::arbitrary<bool>()); break;
    case 1: value.__set_number(std::to_string(*rc::gen::arbitrary<int64_t>()) + ".5"); break;
    case 2: value.__set_date(Date{*rc::gen::inRange<int64_t>(-30'000, 40'000)}.ToString()); break;
    case 3: value.__set_text(*rc::gen::string<std::string>()); break;
    default: break;
  }
  return value;
}

RC_GTEST_PROP(EventFormProperty, WrittenLineGivesTheSameEvent, ()) {
  rpc::RegistryEvent event;
  event.source = "egr_zags";
  event.id = *rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
  event.type = "registry.facts";
  event.subject = "17";
  event.occurred_on = "2026-03-15";
  if (*rc::gen::arbitrary<bool>()) event.participants["mother"] = {"17", "18"};
  const int facts = *rc::gen::inRange(0, 4);
  for (int i = 0; i < facts; ++i) {
    rpc::ReportedFact fact;
    fact.citizen = "17";
    fact.attribute = "person.sex";
    fact.value = AnyValue();
    // JSON is UTF-8; other bytes are refused before they get here.
    for (char& c : fact.value.text) c = static_cast<char>(c & 0x7F);
    if (*rc::gen::arbitrary<bool>()) fact.__set_valid_from("2026-01-01");
    event.facts.push_back(fact);
  }
  if (*rc::gen::arbitrary<bool>()) event.__set_supersedes("41");
  if (*rc::gen::arbitrary<bool>()) {
    rpc::Evidence evidence;
    evidence.kind = "electronic_duplicate";
    if (*rc::gen::arbitrary<bool>()) evidence.__set_reference("act 7");
    if (*rc::gen::arbitrary<bool>()) evidence.__set_issuer("court");
    if (*rc::gen::arbitrary<bool>()) evidence.__set_certifier("mfc");
    if (*rc::gen::arbitrary<bool>()) evidence.__set_assurance("documentary");
    event.__set_evidence(evidence);
  }
  const auto parsed = ParseEvent(ToJson(event).dump());
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == event);
}

RC_GTEST_PROP(EventFormProperty, ForeignBytesNeverDoHarm, (const std::string& bytes)) {
  ParseEvent(bytes);
  ParseEvent(FactWith(bytes));
}

}  // namespace
}  // namespace kstati::intake
