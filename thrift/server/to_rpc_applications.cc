// SPDX-License-Identifier: Apache-2.0
#include "thrift/server/to_rpc_applications.h"

#include <algorithm>

#include "thrift/server/to_rpc_consents.h"

namespace kstati::thrift {
namespace {

rpc::Named NamedAttribute(const Wording& wording, const AttributeId& id) {
  rpc::Named named;
  named.id = id.text();
  named.name = AttributeName(wording, id);
  return named;
}

rpc::Named NamedService(const Wording& wording, const ServiceId& id) {
  rpc::Named named;
  named.id = id.text();
  named.name = ServiceName(wording, id);
  return named;
}

std::vector<rpc::Named> NamedServices(const Wording& wording, const std::set<ServiceId>& ids) {
  std::vector<rpc::Named> named;
  for (const ServiceId& id : ids) named.push_back(NamedService(wording, id));
  return named;
}

rpc::ApplicationStep WriteStep(const Wording& wording, const cases::ApplicationStep& step) {
  rpc::ApplicationStep written;
  written.service_id = step.service.text();
  written.service_name = ServiceName(wording, step.service);
  written.about = step.about.ToString();
  const graph::Service* service = wording.catalogue().FindService(step.service);
  if (service != nullptr) written.authority = AuthorityName(wording, *service);
  for (const AttributeId& id : step.awaits) written.awaits.push_back(NamedAttribute(wording, id));
  for (const graph::Ahead& ahead : step.behind) {
    written.behind.push_back(NamedService(wording, ahead.service));
  }
  written.state = step.case_id.empty() ? "waits" : "under_way";
  if (!step.case_id.empty()) written.__set_case_id(step.case_id.text());
  written.fee = RoublesOf(0);
  written.fee_known = true;
  return written;
}

// A step with a case: whether it still goes on.
std::string StateOfStep(const cases::Case& c) {
  if (cases::IsOpen(c.status)) return "under_way";
  return c.status == cases::Status::kDone ? "done" : "ended";
}

rpc::ApplicationAsk WriteAsk(const Wording& wording, const cases::AskedFact& asked,
                             const std::set<ServiceId>& services) {
  rpc::ApplicationAsk written;
  written.attribute = asked.second.text();
  written.name = AttributeName(wording, asked.second);
  written.citizen = asked.first.ToString();
  const profile::Attribute* attribute = wording.dictionary().Find(asked.second);
  if (attribute != nullptr) {
    written.type = profile::NameOf(attribute->type);
    written.values = attribute->AllCodes();
  }
  written.services = NamedServices(wording, services);
  return written;
}

template <class Id, class Name>
std::vector<rpc::NeededFor> WriteNeeded(const Wording& wording,
                                        const std::map<Id, std::set<ServiceId>>& needed,
                                        const Name& name) {
  std::vector<rpc::NeededFor> written;
  for (const auto& [id, services] : needed) {
    rpc::NeededFor& one = written.emplace_back();
    one.what = name(id);
    one.services = NamedServices(wording, services);
  }
  return written;
}

std::string TextOf(const Wording& wording, const rpc::PreCheck& written,
                   const cases::PreCheck& pre_check) {
  std::string lacks;
  for (const rpc::MissingFact& missing : written.missing) {
    lacks += (lacks.empty() ? "" : "; ") + missing.name;
  }
  for (const rpc::Named& document : written.documents) {
    lacks += (lacks.empty() ? "" : "; ") + document.name;
  }
  for (const rpc::RefusalGround& ground : written.grounds) {
    lacks += (lacks.empty() ? "" : "; ") + ground.text;
  }
  std::string key = "pre_check.lacks";
  if (written.suffices) key = "pre_check.suffices";
  if (!written.suffices && lacks.empty()) {
    key = pre_check.official ? "pre_check.official" : "pre_check.visits";
  }
  if (!written.grounds.empty()) key = "pre_check.refused";
  return wording.Message(
      key, {{"service", written.service_name}, {"list", lacks}, {"visits", pre_check.visits}});
}

}  // namespace

rpc::ApplicationOffer WriteOffer(const Wording& wording, const cases::ApplicationOffer& offer) {
  rpc::ApplicationOffer written;
  written.offer = offer.id;
  written.situation = offer.situation.text();
  written.name = SituationName(wording, offer.situation);
  written.about = offer.about.ToString();
  for (const cases::OfferedStep& each : offer.steps) {
    rpc::ApplicationStep& step = written.steps.emplace_back(WriteStep(wording, each.step));
    if (each.starts) step.state = "starts";
    step.verdict = WriteVerdict(each.verdict);
    step.fee = RoublesOf(each.fee);
    step.fee_known = each.fee_known;
    step.visits = each.visits;
  }
  for (const auto& [asked, services] : offer.asks) {
    written.asks.push_back(WriteAsk(wording, asked, services));
  }
  written.documents = WriteNeeded(
      wording, offer.to_bring, [&](const AttributeId& id) { return NamedAttribute(wording, id); });
  written.fee = RoublesOf(offer.fee());
  written.fee_known = offer.fee_known();
  written.visits = offer.visits();
  written.categories = WriteNeeded(wording, offer.categories, [&](const profile::CategoryId& id) {
    return WriteCategory(wording, id.text());
  });
  written.recipients = WriteNeeded(wording, offer.recipients, [&](const profile::AuthorityId& id) {
    return WriteRecipient(wording, id.text());
  });
  if (offer.consent_until) written.__set_consent_until(offer.consent_until->ToString());
  for (const AttributeId& goal : offer.unreached) {
    written.unreached.push_back(NamedAttribute(wording, goal));
  }
  return written;
}

Result<rpc::SingleApplication> WriteApplication(const Wording& wording,
                                                const cases::SingleApplication& application,
                                                cases::Draft& draft) {
  KSTATI_TRY(const std::vector<cases::Case> cases, draft.Cases(application.citizen));
  rpc::SingleApplication written;
  written.id = application.id;
  written.situation = application.situation.text();
  written.name = SituationName(wording, application.situation);
  written.about = application.about.ToString();
  written.made_at = application.made_at.ToString();
  if (!application.consent.empty()) written.__set_consent(application.consent.text());
  if (application.confirmed_by != application.citizen) {
    written.__set_confirmed_by(application.confirmed_by.ToString());
  }
  for (const cases::ApplicationStep& each : application.steps) {
    rpc::ApplicationStep& step = written.steps.emplace_back(WriteStep(wording, each));
    if (each.not_started) {
      const rpc::TriggerDecision why =
          WriteTrigger(wording, application.situation, *each.not_started);
      step.__set_not_started(why.reason);
      step.__set_not_started_text(why.text);
    }
    const auto c = std::ranges::find(cases, each.case_id, &cases::Case::id);
    if (c == cases.end()) {
      KSTATI_TRY(const eligibility::Verdict verdict,
                 cases::VerdictOfStep(draft, application, each));
      step.verdict = WriteVerdict(verdict);
      continue;
    }
    step.state = StateOfStep(*c);
    step.verdict = WriteVerdict(c->verdict);
    step.__set_status(std::string(cases::NameOf(c->status)));
    step.__set_status_name(wording.Message("case.status." + step.status));
  }
  return written;
}

rpc::PreCheck WritePreCheck(const Wording& wording, const cases::PreCheck& pre_check, bool holds) {
  rpc::PreCheck written;
  written.id = pre_check.id;
  written.service_id = pre_check.service.text();
  written.service_name = ServiceName(wording, pre_check.service);
  written.about = pre_check.about.ToString();
  written.made_at = pre_check.made_at.ToString();
  written.holds_until = pre_check.holds_until.ToString();
  written.suffices = pre_check.Suffices();
  written.verdict = WriteVerdict(pre_check.verdict);
  for (const eligibility::Missing& missing : pre_check.missing) {
    written.missing.push_back(WriteMissing(wording, missing));
  }
  for (const AttributeId& document : pre_check.documents) {
    written.documents.push_back(NamedAttribute(wording, document));
  }
  for (const GroundId& id : pre_check.grounds) {
    rpc::RefusalGround& ground = written.grounds.emplace_back();
    ground.id = id.text();
    const graph::RefusalGround* known = wording.catalogue().FindGround(id);
    ground.text = known == nullptr ? id.text() : wording.of(known->text);
  }
  written.regulation_from = pre_check.regulation_from.ToString();
  written.holds = holds;
  if (!pre_check.case_id.empty()) written.__set_case_id(pre_check.case_id.text());
  written.text = TextOf(wording, written, pre_check);
  return written;
}

}  // namespace kstati::thrift
