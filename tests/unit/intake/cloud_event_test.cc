// SPDX-License-Identifier: Apache-2.0
#include "intake/cloud_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/event_form.h"

namespace kstati::intake {
namespace {

Json Envelope() {
  return {{"specversion", "1.0"},
          {"source", "egr_zags"},
          {"id", "42"},
          {"type", "registry.facts"},
          {"subject", "17"},
          {"time", "2026-03-15T09:00:00Z"},
          {"traceparent", "00-1"},
          {"datacontenttype", "application/json; charset=utf-8"},
          {"data",
           {{"occurred_on", "2026-03-15"},
            {"facts", {{{"citizen", "17"}, {"attribute", "a.b"}, {"value", true}}}}}}};
}

Error ErrorOf(const Json& envelope) {
  const auto event = ParseEvent(envelope.dump());
  EXPECT_FALSE(event) << envelope;
  return event ? Error() : event.error();
}

TEST(CloudEventTest, SaysTheSameAsTheShortForm) {
  const auto enveloped = ParseEvent(Envelope().dump());
  const auto plain = ParseEvent(
      R"({"source":"egr_zags","id":"42","type":"registry.facts","subject":"17",)"
      R"("occurred_on":"2026-03-15","facts":[{"citizen":"17","attribute":"a.b","value":true}]})");
  ASSERT_TRUE(enveloped && plain);
  EXPECT_EQ(*enveloped, *plain);
}

TEST(CloudEventTest, OtherVersionsAndOtherDataAreRefused) {
  Json envelope = Envelope();
  envelope["specversion"] = "0.3";
  EXPECT_EQ(ErrorOf(envelope).place, "specversion");
  envelope = Envelope();
  envelope["datacontenttype"] = "application/xml";
  EXPECT_EQ(ErrorOf(envelope).place, "datacontenttype");
  envelope = Envelope();
  envelope["data_base64"] = "AA==";
  EXPECT_EQ(ErrorOf(envelope).place, "data_base64");
  envelope = Envelope();
  envelope["data"] = "text";
  EXPECT_EQ(ErrorOf(envelope).place, "data");
  envelope = Envelope();
  envelope["Source"] = "egr_zags";
  EXPECT_THAT(ErrorOf(envelope).message, testing::HasSubstr("`Source`"));
}

TEST(CloudEventTest, WhatTheEnvelopeSaysIsNotSaidAgain) {
  Json envelope = Envelope();
  envelope["data"]["source"] = "fns_erns";
  EXPECT_EQ(ErrorOf(envelope).place, "data");
}

TEST(CloudEventTest, MissingAttributesAreNamed) {
  for (const char* const name : {"source", "id", "type", "subject"}) {
    Json envelope = Envelope();
    envelope.erase(name);
    EXPECT_EQ(ErrorOf(envelope).place, name);
  }
  Json envelope = Envelope();
  envelope.erase("data");
  EXPECT_EQ(ErrorOf(envelope).place, "occurred_on");
}

}  // namespace
}  // namespace kstati::intake
