// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/handler.h"

#include <algorithm>
#include <array>

#include "cases/speaking.h"
#include "graph/scenario.h"
#include "thrift/failure.h"
#include "thrift/server/from_rpc.h"

namespace kstati::thrift {
namespace {

// tidy: table
constexpr std::array<std::string_view, 69> kMethods{
    "actOfficially",
    "answerLifeQuestion",
    "applicationForm",
    "applications",
    "apply",
    "appointProxy",
    "askSources",
    "backUpStore",
    "caseClock",
    "caseFeed",
    "cases",
    "catalogueSituations",
    "certificate",
    "chain",
    "chainFront",
    "chainOptions",
    "checkExtract",
    "confirmApplication",
    "consentChoices",
    "consentReceipt",
    "consents",
    "decline",
    "endSharing",
    "eraseCitizen",
    "explain",
    "feedback",
    "grantConsent",
    "history",
    "household",
    "leastScopes",
    "ledgerConsistency",
    "ledgerKey",
    "ledgerReceipt",
    "legalBases",
    "lifeQuestion",
    "narrowConsent",
    "nextQuestion",
    "notifications",
    "offerApplication",
    "officialQueue",
    "order",
    "overrides",
    "passport",
    "preCheck",
    "preChecks",
    "previewErasure",
    "previewRevocation",
    "profile",
    "proxies",
    "renewConsent",
    "repairChain",
    "resultExtract",
    "resultToken",
    "results",
    "revokeConsent",
    "revokeProxy",
    "serviceStatuses",
    "services",
    "shareResult",
    "situations",
    "sources",
    "status",
    "submitEvents",
    "suggest",
    "tellCase",
    "triggers",
    "usesOfData",
    "withdraw",
    "zeros",
};

// Calls that somebody may make in the citizen's place.
constexpr std::array<std::string_view, 3> kForRepresentatives{"confirmApplication",
                                                              "previewRevocation", "revokeConsent"};

// Calls that ask which channels the person has.
constexpr std::array<std::string_view, 4> kByChannels{"chain", "chainFront", "chainOptions",
                                                      "repairChain"};

Result<std::set<std::string>> ReadChannels(std::string_view method,
                                           const rpc::CallContext& context) {
  if (!context.__isset.channels) return std::set<std::string>();
  if (std::ranges::find(kByChannels, method) == kByChannels.end()) {
    return Fail(ErrorCode::kInvalidArgument, "the call knows no channels", "context.channels",
                "leave them out; chain, chainOptions, chainFront and repairChain take them");
  }
  std::string known;
  for (const std::string& channel : graph::KnownChannels()) {
    known += (known.empty() ? "" : ", ") + channel;
  }
  if (context.channels.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "nobody applies without a channel", "context.channels",
                "name some of " + known + ", or leave it out for all");
  }
  for (const std::string& channel : context.channels) {
    if (std::ranges::find(graph::KnownChannels(), channel) != graph::KnownChannels().end()) {
      continue;
    }
    return Fail(ErrorCode::kInvalidArgument, "there is no such channel", "context.channels",
                "the channels are " + known);
  }
  return std::set<std::string>(context.channels.begin(), context.channels.end());
}

Result<std::string> ReadReason(const std::string& text) {
  KSTATI_TRY(std::string reason, ReadName(text, "context.reason", kRemarkBytesMax));
  if (reason.find_first_not_of(' ') != std::string::npos) return reason;
  return Fail(ErrorCode::kInvalidArgument, "the reason is empty", "context.reason",
              "say why the person's facts are looked at, for example the number of a request");
}

Result<std::optional<std::chrono::milliseconds>> ReadWait(const rpc::CallContext& context) {
  constexpr int32_t kLongest = 60'000;
  const int32_t wait = context.wait_for_sources_ms;
  if (!context.__isset.wait_for_sources_ms) return std::nullopt;
  if (wait >= 0 && wait <= kLongest) return std::chrono::milliseconds(wait);
  return Fail(ErrorCode::kInvalidArgument, "the wait is out of range",
              "context.wait_for_sources_ms", "wait 0 to 60000 milliseconds");
}

// What a caller may have put into our logs: a short name, or nothing.
std::string RequestId(const rpc::CallContext& context) {
  constexpr size_t kBytesMax = 64;
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const std::string& id = context.request_id;
  if (!context.__isset.request_id || id.size() > kBytesMax) return {};
  return std::all_of(id.begin(), id.end(), harmless) ? id : std::string();
}

}  // namespace

Handler::Handler(HandlerParts parts)
    : parts_(std::move(parts)),
      suggestions_(*parts_.world.store),
      refusals_(parts_.uses, parts_.world) {
  for (const std::string_view method : kMethods) {
    methods_[std::string(method)] = {
        &metrics::CounterOf("kstati_thrift_calls_total", "Calls by method", "method", method),
        &metrics::SecondsOf("kstati_thrift_call_seconds", "Time to answer by method", "method",
                            method)};
  }
}

void Handler::Refuse(std::string_view method, const rpc::CallContext& context,
                     const Error& error) const {
  const std::string code(KindOf(error.code).name);
  metrics::CounterOf("kstati_thrift_failures_total", "Failed calls by code", "code", code).Add();
  log::Info("rpc.failed",
            {{"method", std::string(method)}, {"code", code}, {"request_id", RequestId(context)}});
  throw ToFailure(error.place.empty() ? AtPlace(error, "call " + std::string(method)) : error);
}

Result<Caller> Handler::Identify(const rpc::CallContext& context) const {
  return parts_.access.Identify(context.__isset.token ? context.token : std::string());
}

Result<CitizenId> Handler::AdmitSpeaker(std::string_view method, const rpc::CallContext& context,
                                        const Caller& caller, CitizenId citizen) const {
  CitizenId speaker = citizen;
  if (!context.representative.empty()) {
    KSTATI_TRY(speaker, ReadCitizen(context.representative, "context.representative"));
    if (speaker == citizen) {
      return Fail(ErrorCode::kInvalidArgument, "nobody is their own representative",
                  "context.representative", "leave it out where the citizen speaks");
    }
  }
  // Without a tie to the citizen a token of somebody else's is a stranger's.
  const bool admitted =
      caller.MayActFor(speaker) &&
      (caller.MayActFor(citizen) || kstati::cases::Represents(parts_.world, speaker, citizen));
  if (admitted) return speaker;
  EnterRefusal(method, caller.name(), citizen);
  return Fail(ErrorCode::kDenied, "the token does not allow calls about this citizen",
              "context.token", "use a token with the scope portal, or the own one of who speaks");
}

Result<void> Handler::RequireVoice(const Reading& reading, const rpc::CallContext& context,
                                   CitizenId speaker, const char* place) const {
  KSTATI_TRY(const Caller caller, Identify(context));
  if (caller.MayActFor(speaker)) return {};
  EnterRefusal(reading.method, caller.name(), reading.citizen);
  return Fail(ErrorCode::kDenied, "the token is not of whoever is said to speak", place,
              "use a token with the scope portal");
}

bool Handler::SpeaksBy(const Caller& caller, const Reading& reading) {
  return caller.SpeaksAs(reading.speaker) && reading.actor.empty() && reading.reason.empty();
}

Result<Handler::Reading> Handler::Admit(std::string_view method, const rpc::CallContext& context,
                                        const std::string& citizen) const {
  if (context.__isset.as_of) {
    return Fail(
        ErrorCode::kInvalidArgument, "the call knows only the present", "context.as_of",
        "leave it out; suggest, explain, nextQuestion, passport, certificate, chain, chainOptions, "
        "chainFront, situations, cases, profile and household look back");
  }
  return AdmitLookingBack(method, context, citizen);
}

Result<Handler::Reading> Handler::AdmitLookingBack(std::string_view method,
                                                   const rpc::CallContext& context,
                                                   const std::string& citizen) const {
  KSTATI_TRY(const Caller caller, Identify(context));
  if (context.__isset.representative &&
      std::ranges::find(kForRepresentatives, method) == kForRepresentatives.end()) {
    return Fail(ErrorCode::kInvalidArgument, "the call knows no representative",
                "context.representative",
                "leave it out; consents and amendments name who speaks, and revokeConsent, "
                "previewRevocation and confirmApplication take it from here");
  }
  Reading reading{{}, std::nullopt, WordingOf(context), method, caller.name(), {}, {}};
  KSTATI_TRY(reading.citizen, ReadCitizen(citizen, "citizen"));
  KSTATI_TRY(reading.speaker, AdmitSpeaker(method, context, caller, reading.citizen));
  if (context.__isset.as_of) {
    const kstati::profile::AsOf now = InstantsOf(std::nullopt);
    KSTATI_TRY(reading.as_of, ReadAsOf(context.as_of.valid_at, context.as_of.known_at, now.valid_at,
                                       now.known_at));
  }
  KSTATI_TRY(reading.wait, ReadWait(context));
  KSTATI_TRY(reading.channels, ReadChannels(method, context));
  KSTATI_TRY(reading.actor, ReadName(context.actor, "context.actor"));
  if (context.__isset.reason) {
    KSTATI_TRY(reading.reason, ReadReason(context.reason));
  }
  reading.own = reading.speaker == reading.citizen && SpeaksBy(caller, reading);
  Result<PurposeOfUse> purpose = AdmitPurpose(reading, context, caller);
  if (!purpose) {
    EnterRefusal(method, caller.name(), reading.citizen);
    return Fail(purpose.error());
  }
  reading.purpose = std::move(*purpose);
  return reading;
}

kstati::profile::AsOf Handler::InstantsOf(const kstati::cases::LookAt& as_of) const {
  if (as_of) return *as_of;
  const Instant now = parts_.world.Now();
  return {LocalDate(now, parts_.world.time_zone), now};
}

Result<CitizenId> Handler::AdmitAbout(const Reading& reading, const std::string& about) const {
  KSTATI_TRY(const CitizenId id, ReadAbout(about));
  if (id.number() == 0 || id == reading.citizen) return id;
  const auto load = [this](CitizenId who) { return parts_.world.store->Load(who); };
  const kstati::profile::AsOf as_of = InstantsOf(reading.as_of);
  KSTATI_TRY(const auto household,
             reading.as_of ? kstati::profile::LoadHousehold(reading.citizen, as_of, load)
                           : kstati::profile::LoadHouseholdNow(reading.citizen, as_of, load));
  if (household.Find(id)) return id;
  KSTATI_TRY(const auto situations, parts_.desk.Situations(reading.citizen, reading.as_of));
  for (const recommender::OpenSituation& situation : situations) {
    if (situation.about == id) return id;
  }
  EnterRefusal(reading.method, reading.caller, id);
  return Fail(ErrorCode::kDenied, "the citizen has no relation to the person named", "about",
              "name a child, another member of the household or whom a situation is about");
}

Wording Handler::WordingOf(const rpc::CallContext& context) const {
  return Wording{*parts_.world.program, parts_.messages, ReadLanguage(context),
                 ReadValues(context)};
}

namespace {

// Whom a partition keeps that is up is served, whatever else is down.
void WriteReadiness(const kstati::profile::Store& store, rpc::Status& reply) {
  std::string refusals;
  size_t refusing = 0;
  for (size_t partition = 0; partition < store.Partitions(); ++partition) {
    const Result<void> writes = store.AcceptsWrites(partition);
    if (writes) continue;
    if (refusing++ > 0) refusals += "; ";
    if (store.Partitions() > 1) refusals += "partition " + std::to_string(partition) + ": ";
    refusals += writes.error().ToString();
  }
  reply.ready = refusing < store.Partitions();
  if (refusing > 0) reply.__set_not_ready_because(refusals);
}

}  // namespace

void Handler::status(rpc::Status& reply, const rpc::CallContext& context) {
  Answer("status", context, [&]() -> Result<void> {
    const graph::Catalogue& catalogue = parts_.world.catalogue();
    reply.version = parts_.program_version;
    reply.catalogue_version = catalogue.version();
    const auto ranker = parts_.ranker.Get();
    reply.model_version = ranker->ranked_by().model_version;
    reply.__set_ranked_by(ranker->ranked_by().stage);
    reply.now = parts_.world.Now().ToString();
    reply.services = static_cast<int32_t>(catalogue.services().size());
    reply.situations = static_cast<int32_t>(catalogue.situations().size());
    WriteReadiness(*parts_.world.store, reply);
    return {};
  });
}

void Handler::services(std::vector<rpc::ServiceSummary>& reply, const rpc::CallContext& context) {
  Answer("services", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    const Wording wording = WordingOf(context);
    const Date today = parts_.world.Today();
    for (const graph::Service& service : parts_.world.catalogue().services()) {
      rpc::ServiceSummary summary;
      summary.id = service.id.text();
      summary.name = wording.of(service.name);
      summary.summary = wording.of(service.summary);
      summary.authority = AuthorityName(wording, service);
      const graph::Regulation* regulation = service.RegulationOn(today);
      summary.mode = WriteMode(regulation == nullptr ? graph::Mode::kOnRequest : regulation->mode);
      reply.push_back(std::move(summary));
    }
    return {};
  });
}

void Handler::catalogueSituations(std::vector<rpc::SituationSummary>& reply,
                                  const rpc::CallContext& context) {
  Answer("catalogueSituations", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    const Wording wording = WordingOf(context);
    for (const graph::Situation& situation : parts_.world.catalogue().situations()) {
      rpc::SituationSummary summary;
      summary.id = situation.id.text();
      summary.name = wording.of(situation.name);
      summary.description = wording.of(situation.description);
      for (const ServiceId& service : situation.services) {
        summary.services.push_back(service.text());
      }
      reply.push_back(std::move(summary));
    }
    return {};
  });
}

}  // namespace kstati::thrift
