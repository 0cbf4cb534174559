// SPDX-License-Identifier: Apache-2.0
// Facts that sources are asked for, so that people are not.
#include <algorithm>

#include "eligibility/questions/answers.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"
#include "thrift/server/to_rpc_sources.h"

namespace kstati::thrift {
namespace {

using kstati::cases::LackedFacts;
using std::chrono::milliseconds;

constexpr size_t kAttributesMax = 1'000;   // of one call
constexpr size_t kLeftToSourcesMax = 200;  // questions of one questionnaire

// What people are told of who had sources asked; nothing when it was an own call, or one of the
// household.
kstati::profile::DeedContent WhoAsks(const std::string& caller, const std::string& actor,
                                     bool own) {
  if (own) return {};
  kstati::profile::DeedContent who{{"caller", caller}};
  if (!actor.empty()) who.emplace("actor", actor);
  return who;
}

Result<LackedFacts> ReadAttributes(const std::vector<std::string>& names, CitizenId citizen,
                                   const kstati::profile::Dictionary& dictionary) {
  LackedFacts lacked;
  if (names.size() > kAttributesMax) {
    return Fail(ErrorCode::kLimitExceeded, "there are too many attributes", "attributes",
                "name at most " + std::to_string(kAttributesMax));
  }
  for (const std::string& name : names) {
    KSTATI_TRY(const std::string read, ReadName(name, "attributes"));
    const AttributeId id(read);
    if (dictionary.Find(id) == nullptr) {
      const std::string nearest = dictionary.NearestAttribute(read);
      return Fail(ErrorCode::kNotFound, "there is no attribute " + read, "attributes",
                  nearest.empty() ? "the catalogue lists them" : "did you mean " + nearest + "?");
    }
    lacked.insert({citizen, id});
  }
  return lacked;
}

}  // namespace

bool Handler::AsksSources(const Reading& reading) const {
  return parts_.inquiries != nullptr && parts_.inquiries->any() && !reading.as_of;
}

Handler::Asked Handler::AskFor(const Reading& reading, const LackedFacts& lacked,
                               const ServiceId& service, std::string_view basis,
                               milliseconds wait) const {
  if (!AsksSources(reading) || lacked.empty()) return {};
  const kstati::cases::InquiryReason reason{std::string(basis), service,
                                            WhoAsks(reading.caller, reading.actor, reading.own)};
  return parts_.inquiries->Ask(lacked, reason, wait);
}

Handler::Asked Handler::AskToDecide(const Reading& reading, const eligibility::Decision& decision,
                                    std::string_view basis) const {
  if (!AsksSources(reading)) return {};
  return AskFor(reading, parts_.inquiries->LackedBy(decision), decision.service, basis,
                reading.wait.value_or(parts_.wait_for_sources));
}

Result<Handler::Asked> Handler::AskForService(const Reading& reading, const ServiceId& service,
                                              CitizenId about) const {
  if (!AsksSources(reading)) return Asked();
  KSTATI_TRY(const eligibility::Decision decision,
             parts_.desk.Explain(reading.citizen, service, about));
  return AskToDecide(reading, decision, kServiceOnRequest);
}

Result<eligibility::questions::NextQuestion> Handler::AskPerson(
    const Reading& reading, kstati::cases::Desk::Questionnaire questionnaire,
    std::vector<CitizenId>& read, Asked& asked) const {
  using Steady = std::chrono::steady_clock;
  const Steady::time_point until =
      Steady::now() + reading.wait.value_or(parts_.wait_for_sources);  // of all rounds together
  const auto ask = [&] {
    return parts_.desk.Ask(reading.citizen, questionnaire, reading.as_of, &read);
  };
  KSTATI_TRY(eligibility::questions::NextQuestion next, ask());
  for (size_t count = 0; AsksSources(reading) && count < kLeftToSourcesMax; ++count) {
    if (!next.asked || next.asked->citizen.number() == 0) break;
    const AttributeId& recorded = eligibility::questions::RecordedOf(
                                      *next.asked->attribute, parts_.world.program->dictionary())
                                      .id;
    const kstati::cases::LackedFact fact{next.asked->citizen, recorded};
    if (!parts_.inquiries->MayBeAsked(fact)) break;
    const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
    Asked one =
        AskFor(reading, {fact}, ServiceId(), kTellOfRights, std::max(left, milliseconds(0)));
    // Whatever comes of it: it is known now, or on its way, or the person is asked after all.
    const bool on_its_way = std::ranges::any_of(one, [](const auto& each) {
      return each.state == kstati::cases::AskedSource::State::kBeingAsked;
    });
    if (on_its_way) {
      questionnaire.answers.push_back({fact.citizen, next.asked->attribute->id, std::nullopt});
    }
    const bool changed = on_its_way || SomeAnswered(one);
    asked.insert(asked.end(), std::make_move_iterator(one.begin()),
                 std::make_move_iterator(one.end()));
    if (!changed) break;
    KSTATI_TRY(next, ask());
  }
  return next;
}

void Handler::askSources(std::vector<rpc::AskedSource>& reply, const rpc::CallContext& context,
                         const std::string& citizen, const std::vector<std::string>& attributes) {
  Answer("askSources", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("askSources", context, citizen));
    if (reading.reason.empty()) {
      return Fail(ErrorCode::kInvalidArgument, "registries are told who is asked about",
                  "context.reason", "say why they are asked");
    }
    if (!AsksSources(reading)) {
      return Fail(ErrorCode::kNotFound, "there are no sources", "sources.file",
                  "list them: docs/reference/sources.md");
    }
    const kstati::profile::Dictionary& dictionary = parts_.world.program->dictionary();
    KSTATI_TRY(LackedFacts lacked, ReadAttributes(attributes, reading.citizen, dictionary));
    for (const auto& source : parts_.inquiries->gatherer().sources()) {
      if (!attributes.empty()) break;
      for (const AttributeId& id : source->terms().attributes) lacked.insert({reading.citizen, id});
    }
    // Longer than sources are given.
    constexpr milliseconds kPatience(60'000);
    // No law lets anybody ask without a service that the person asked for; a consent may.
    const Asked asked = AskFor(reading, lacked, ServiceId(), {}, reading.wait.value_or(kPatience));
    reply = WriteAsked(reading.wording, asked);
    return Enter(reading);
  });
}

void Handler::sources(std::vector<rpc::SourceSummary>& reply, const rpc::CallContext& context) {
  Answer("sources", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    if (parts_.inquiries == nullptr) return {};
    const auto resting = parts_.inquiries->gatherer().Resting();
    for (const auto& source : parts_.inquiries->gatherer().sources()) {
      rpc::SourceSummary& summary =
          reply.emplace_back(WriteSource(WordingOf(context), source->terms()));
      const auto rest = std::ranges::find(resting, summary.source, &kstati::sources::Rest::source);
      if (rest != resting.end()) summary.__set_rests_because(rest->error.message);
    }
    return {};
  });
}

}  // namespace kstati::thrift
