// SPDX-License-Identifier: Apache-2.0
#include "cases/chain_inquiry.h"

#include <string>

#include "eligibility/standing.h"

namespace kstati::cases {
namespace {

using eligibility::Decision;

// Whom a step of the service is about, seen from the viewpoint.
CitizenId AboutOf(const graph::Service& service, const Viewpoint& viewpoint) {
  const bool own = service.about == graph::About::kPerson || !viewpoint.about;
  return own ? viewpoint.household->person->citizen() : viewpoint.about->citizen();
}

// Of what was told the services that are told when they are in a chain of the viewpoint.
std::set<ServiceId> ToldIn(const Viewpoint& viewpoint, const World& world,
                           const std::set<recommender::ServiceAbout>& told) {
  std::set<ServiceId> services;
  for (const auto& [id, whom] : told) {
    const graph::Service* service = world.catalogue().FindService(id);
    if (service != nullptr && whom == AboutOf(*service, viewpoint)) services.insert(id);
  }
  // A request with an empty set takes nothing for new; no service has an empty id.
  if (services.empty()) services.insert(ServiceId());
  return services;
}

}  // namespace

ChainInquiry::ChainInquiry(const World& world, const graph::Situation& situation,
                           const Viewpoint& viewpoint, Date start)
    : world_(world),
      situation_(situation),
      viewpoint_(viewpoint),
      start_(start),
      graph_(world.Graph(start)),
      as_of_now_(*world.program, viewpoint.subject()),
      foresight_(*world.program, viewpoint) {
  request_.situation = &situation;
  request_.held = HeldBy(viewpoint, world.program->dictionary());
  request_.expires = ExpiriesOf(viewpoint, world.program->dictionary());
  request_.ended = EndedFor(viewpoint, world.program->dictionary());
  request_.renews = RenewedIn(situation, viewpoint, world.program->dictionary(), start);
  request_.standing = [this](const ServiceId& id, const graph::Given& given) {
    return StandingOf(id, given, std::nullopt);
  };
  request_.standing_on = [this](const ServiceId& id, const graph::Given& given, Date day) {
    return StandingOf(id, given, day);
  };
  request_.state_holds = [this](const AttributeId& id) { return IsHeldByTheState(id); };
  request_.lacks = [this](const AttributeId& id) { return Lacks(id); };
  request_.valid_for = [this](const AttributeId& id) { return world_.validities->PeriodOf(id); };
  request_.start = start;
  request_.region = RegionOf(world, viewpoint);
}

void ChainInquiry::GoOnFrom(const SoFar& so_far) {
  request_.channels = so_far.channels;
  if (so_far.told) request_.told = ToldIn(viewpoint_, world_, *so_far.told);
  for (const auto& [which, under_way] : so_far.under_way) {
    const graph::Service* service = world_.catalogue().FindService(which.first);
    if (service == nullptr || which.second != AboutOf(*service, viewpoint_)) continue;
    request_.under_way.emplace(which.first, under_way.due);
  }
}

std::vector<Decision> ChainInquiry::DecisionsOn(const std::vector<graph::ChainStep>& steps) {
  std::vector<Decision> decisions;
  for (const graph::ChainStep& step : steps) {
    const graph::Service& service = *world_.catalogue().FindService(step.service);
    decisions.push_back(step.given.empty()
                            ? DecisionNow(service)
                            : Decide(service, {{step.given.begin(), step.given.end()}}, {}));
  }
  return decisions;
}

const Decision& ChainInquiry::DecisionNow(const graph::Service& service) {
  const auto [entry, is_new] = decided_.try_emplace(service.id);
  if (is_new) entry->second = as_of_now_.Decide(service, true);
  return entry->second;
}

graph::Standing ChainInquiry::StandingOf(const ServiceId& id, const graph::Given& given,
                                         std::optional<Date> later_day) {
  const graph::Service& service = *world_.catalogue().FindService(id);
  const bool is_left_out =
      !left_out_.empty() && left_out_.contains({id, DecisionNow(service).about});
  if (is_left_out || !Fits(service, situation_, viewpoint_, world_, start_)) {
    graph::Standing not_for_them{graph::Permission::kForbidden};
    not_for_them.is_final = true;
    return not_for_them;
  }
  const auto may_be_given = [this](const AttributeId& each) { return MayBeGiven(each); };
  if (!given.attributes.empty()) {
    return eligibility::StandingOf(Decide(service, given, later_day), may_be_given);
  }
  const Decision& decision =
      later_day ? foresight_.DecisionOn(service, *later_day) : DecisionNow(service);
  return eligibility::StandingOf(decision, may_be_given);
}

Decision ChainInquiry::Decide(const graph::Service& service, const graph::Given& given,
                              std::optional<Date> later_day) {
  const Viewpoint& viewpoint = later_day ? foresight_.ViewpointOn(*later_day) : viewpoint_;
  eligibility::Subject subject = viewpoint.subject();
  subject.today = later_day;
  for (const AttributeId& id : given.attributes) {
    const profile::Attribute* attribute = world_.program->dictionary().Find(id);
    const bool about = attribute != nullptr && attribute->holder() == "about";
    const auto& holder =
        about && viewpoint_.about ? viewpoint_.about : viewpoint_.household->person;
    subject.assumed.push_back({holder->citizen(), id, true});
  }
  return world_.program->Decide(service, subject, true);
}

bool ChainInquiry::IsHeldByTheState(const AttributeId& id) const {
  const profile::Attribute* attribute = world_.program->dictionary().Find(id);
  return attribute != nullptr && attribute->is_reported() && !attribute->askable;
}

// A registry says "no", or has told until when there was one.
bool ChainInquiry::Lacks(const AttributeId& id) {
  if (!IsHeldByTheState(id)) return false;
  if (request_.ended.contains(id)) return true;
  const auto value = as_of_now_.Evaluate(id);
  if (!value) return false;
  const bool* flag = std::get_if<bool>(&*value);
  return std::holds_alternative<profile::NotApplicable>(*value) || (flag != nullptr && !*flag);
}

bool ChainInquiry::MayBeGiven(const AttributeId& id) {
  const auto number = graph_->model().Find(id);
  if (!number || graph_->model().producers(*number).empty()) return false;
  const auto value = as_of_now_.Evaluate(id);
  const bool* flag = value ? std::get_if<bool>(&*value) : nullptr;
  return flag == nullptr || !*flag;
}

}  // namespace kstati::cases
