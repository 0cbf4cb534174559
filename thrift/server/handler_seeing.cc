// SPDX-License-Identifier: Apache-2.0
// What people see of their cases: news, forms, and what a status means.
#include "cases/application_form.h"
#include "cases/case_feed.h"
#include "cases/service_statuses.h"
#include "thrift/server/from_rpc.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {
namespace {

using kstati::profile::ledger::EntryKind;

constexpr int32_t kNewsMax = 1'000;
constexpr size_t kCursorBytesMax = 10'000;

// What the status means for the person, in a sentence.
std::string TextOfStatus(const Wording& wording, kstati::cases::Status status,
                         const ServiceId& service) {
  return wording.Message("case.told." + std::string(NameOf(status)),
                         {{"service", ServiceName(wording, service)}});
}

rpc::CaseNews WriteNews(const Wording& wording, const kstati::cases::CaseNews& news) {
  rpc::CaseNews written;
  written.case_id = news.case_id.text();
  written.service_id = news.service.text();
  written.service_name = ServiceName(wording, news.service);
  written.about = news.about.ToString();
  written.status = NameOf(news.change.status);
  written.status_name = wording.Message("case.status." + written.status);
  written.at = news.change.at.ToString();
  if (!news.change.reason.empty()) written.reason = wording.Message(news.change.reason);
  const bool erased = news.service.empty();
  written.text =
      erased ? written.status_name : TextOfStatus(wording, news.change.status, news.service);
  return written;
}

rpc::FormField WriteField(const Wording& wording, const kstati::cases::FormField& field) {
  rpc::FormField written;
  written.state = NameOf(field.state);
  if (field.fact) {
    const rpc::UsedFact fact = WriteUsedFact(wording, *field.fact);
    written.value = fact.value;
    written.source = fact.source;
    if (!fact.valid_from.empty()) written.__set_valid_from(fact.valid_from);
    if (!fact.known_at.empty()) written.__set_known_at(fact.known_at);
    if (fact.__isset.evidence_text) written.__set_evidence_text(fact.evidence_text);
  } else {
    written.source = WriteMissing(wording, {field.attribute, {}, field.citizen}).source;
  }
  written.attribute = field.attribute.text();
  written.name = AttributeName(wording, field.attribute);
  if (field.citizen.number() != 0) written.citizen = field.citizen.ToString();
  return written;
}

}  // namespace

void Handler::caseFeed(rpc::CaseFeed& reply, const rpc::CallContext& context,
                       const std::string& citizen, const std::string& cursor, int32_t limit) {
  Answer("caseFeed", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("caseFeed", context, citizen));
    if (limit < 1 || limit > kNewsMax) {
      return Fail(ErrorCode::kInvalidArgument, "the limit is out of range", "limit",
                  "ask for 1 to " + std::to_string(kNewsMax) + " changes");
    }
    KSTATI_TRY(const std::string since, ReadName(cursor, "cursor", kCursorBytesMax));
    KSTATI_TRY(const auto cases, parts_.desk.Cases(reading.citizen));
    KSTATI_TRY(const auto feed, kstati::cases::NewsSince(cases, since, static_cast<size_t>(limit)));
    for (const kstati::cases::CaseNews& news : feed.news) {
      reply.news.push_back(WriteNews(reading.wording, news));
    }
    reply.cursor = feed.cursor;
    reply.more = feed.more;
    return Enter(reading);
  });
}

void Handler::applicationForm(rpc::ApplicationForm& reply, const rpc::CallContext& context,
                              const std::string& citizen, const std::string& service_id,
                              const std::string& about) {
  Answer("applicationForm", context, [&]() -> Result<void> {
    KSTATI_TRY(const Reading reading, Admit("applicationForm", context, citizen));
    KSTATI_TRY(const std::string service, ReadName(service_id, "service_id"));
    KSTATI_TRY(const CitizenId whom, AdmitAbout(reading, about));
    std::vector<CitizenId> read;
    KSTATI_TRY(const eligibility::Decision decision,
               parts_.desk.Explain(reading.citizen, ServiceId(service), whom, {}, &read));
    kstati::cases::Draft draft(parts_.world, parts_.world.Now());  // never committed
    KSTATI_TRY(const auto fields, kstati::cases::FillForm(draft, decision));
    reply.service_id = service;
    reply.service_name = ServiceName(reading.wording, decision.service);
    reply.about = decision.about.ToString();
    reply.regulation_from = decision.in_force->in_force.from.ToString();
    reply.verdict = WriteVerdict(decision.verdict);
    for (const kstati::cases::FormField& field : fields) {
      reply.fields.push_back(WriteField(reading.wording, field));
    }
    return Enter(reading, UsedToDecide(reading, decision, std::move(read)));
  });
}

void Handler::serviceStatuses(std::vector<rpc::ServiceStatus>& reply,
                              const rpc::CallContext& context, const std::string& service_id) {
  Answer("serviceStatuses", context, [&]() -> Result<void> {
    KSTATI_TRY_VOID(Identify(context));
    KSTATI_TRY(const std::string name, ReadName(service_id, "service_id"));
    const ServiceId id(name);
    const graph::Service* service = parts_.world.catalogue().FindService(id);
    const graph::Regulation* regulation =
        service == nullptr ? nullptr : service->RegulationOn(parts_.world.Today());
    if (regulation == nullptr) {
      return Fail(ErrorCode::kNotFound, "no such service has a regulation in force today",
                  "service_id", "`services` lists the services");
    }
    const Wording wording = WordingOf(context);
    const graph::Course* course = parts_.world.CourseOf(*service, *regulation);
    for (const auto status : kstati::cases::StatusesOf(*regulation, course)) {
      rpc::ServiceStatus& written = reply.emplace_back();
      written.status = NameOf(status);
      written.name = wording.Message("case.status." + written.status);
      written.text = TextOfStatus(wording, status, id);
      written.over = !kstati::cases::IsOpen(status);
    }
    return {};
  });
}

}  // namespace kstati::thrift
