// SPDX-License-Identifier: Apache-2.0
#include "cli/json_forms.h"

#include <algorithm>
#include <map>

namespace kstati::cli {
namespace {

// The name of an enum value as the contract spells it, in lower case.
std::string Lower(const std::map<int, const char*>& names, int value) {
  const auto found = names.find(value);
  if (found == names.end()) return "unknown";
  std::string name = found->second;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

Json ToJson(const rpc::LegalSource& source);
Json ToJson(const rpc::Sentence& sentence);
Json ToJson(const rpc::PassportSection& section);
Json ToJson(const rpc::PassportChange& change);
Json ToJson(const rpc::UsedFact& fact);
Json ToJson(const rpc::MissingFact& fact);
Json ToJson(const rpc::RefusalGround& ground);
Json ToJson(const rpc::CriterionOutcome& criterion);
Json ToJson(const rpc::ProfileRelation& relation);
Json ToJson(const rpc::HouseholdMember& member);
Json ToJson(const rpc::StatusChange& change);
Json ToJson(const rpc::ChainTrip& trip);
Json ToJson(const rpc::ChainObstacle& obstacle);
Json ToJson(const rpc::ChainObstacles& obstacles);

void Optional(Json& object, const char* key, bool is_set, const std::string& value) {
  if (is_set) object[key] = value;
}

Json ToJson(const rpc::PassportSection& section) {
  Json entries = Json::array();
  for (const rpc::PassportEntry& entry : section.entries) {
    Json line{{"key", entry.key}};
    line.update(ToJson(entry.sentence));
    entries.push_back(std::move(line));
  }
  return {{"key", section.key}, {"title", section.title}, {"entries", std::move(entries)}};
}

Json ToJson(const rpc::PassportChange& change) {
  return {{"section", change.section}, {"before", change.before}, {"after", change.after}};
}

}  // namespace

// Outside the anonymous namespace, where both families of ToJson are seen.
template <class T>
static Json List(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(ToJson(item));
  return list;
}

std::string NameOf(rpc::Verdict::type verdict) {
  return Lower(rpc::_Verdict_VALUES_TO_NAMES, verdict);
}
std::string NameOf(rpc::Mode::type mode) {
  std::string name = Lower(rpc::_Mode_VALUES_TO_NAMES, mode);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}
std::string NameOf(rpc::EventOutcome::type outcome) {
  return Lower(rpc::_EventOutcome_VALUES_TO_NAMES, outcome);
}
std::string NameOf(rpc::ErrorCode::type code) {
  return Lower(rpc::_ErrorCode_VALUES_TO_NAMES, code);
}
std::string NameOf(rpc::SourceState::type state) {
  return Lower(rpc::_SourceState_VALUES_TO_NAMES, state);
}
std::string NameOf(rpc::Truth::type truth) { return Lower(rpc::_Truth_VALUES_TO_NAMES, truth); }

namespace {

Json ToJson(const rpc::LegalSource& source) {
  return {{"act", source.act},
          {"act_title", source.act_title},
          {"article", source.article},
          {"verification", source.verification}};
}

Json ToJson(const rpc::Sentence& sentence) {
  Json object{{"text", sentence.text}};
  if (sentence.__isset.source) object["source"] = ToJson(sentence.source);
  return object;
}

Json ToJson(const rpc::UsedFact& fact) {
  Json object{{"attribute", fact.attribute}, {"name", fact.name},
              {"value", fact.value},         {"citizen", fact.citizen},
              {"source", fact.source},       {"valid_from", fact.valid_from},
              {"known_at", fact.known_at}};
  Optional(object, "assurance", fact.__isset.assurance, fact.assurance);
  Optional(object, "evidence_text", fact.__isset.evidence_text, fact.evidence_text);
  return object;
}

Json ToJson(const rpc::Evidence& evidence) {
  Json object{{"kind", evidence.kind}};
  Optional(object, "reference", evidence.__isset.reference, evidence.reference);
  Optional(object, "issuer", evidence.__isset.issuer, evidence.issuer);
  Optional(object, "certifier", evidence.__isset.certifier, evidence.certifier);
  Optional(object, "assurance", evidence.__isset.assurance, evidence.assurance);
  return object;
}

// How commands show who superseded a record of a history.
template <class Recorded>
Json WithSupersession(Json object, const Recorded& recorded) {
  object["event"] = recorded.event;
  Optional(object, "superseded_at", recorded.__isset.superseded_at, recorded.superseded_at);
  Optional(object, "superseded_by", recorded.__isset.superseded_by, recorded.superseded_by);
  return object;
}

Json ToJson(const rpc::MissingFact& fact) {
  return {{"attribute", fact.attribute},
          {"name", fact.name},
          {"source", fact.source},
          {"askable", fact.askable}};
}

Json ToJson(const rpc::RefusalGround& ground) { return {{"id", ground.id}, {"text", ground.text}}; }

Json ToJson(const rpc::CriterionOutcome& criterion) {
  return {{"id", criterion.id},
          {"text", criterion.text},
          {"outcome", NameOf(criterion.outcome)},
          {"source", ToJson(criterion.source)},
          {"ground", ToJson(criterion.ground)},
          {"facts", List(criterion.facts)},
          {"missing", List(criterion.missing)},
          {"rule", criterion.rule},
          {"parameters", criterion.parameters}};
}

Json ToJson(const rpc::ProfileRelation& relation) {
  Json object{{"kind", relation.kind},
              {"citizen", relation.citizen},
              {"inbound", relation.inbound},
              {"valid_from", relation.valid_from},
              {"known_at", relation.known_at},
              {"source", relation.source},
              {"evidence", ToJson(relation.evidence)},
              {"evidence_text", relation.evidence_text}};
  Optional(object, "valid_to", relation.__isset.valid_to, relation.valid_to);
  return object;
}

Json ToJson(const rpc::HouseholdMember& member) {
  return {{"citizen", member.citizen},
          {"role", member.role},
          {"role_name", member.role_name},
          {"relation", ToJson(member.relation)}};
}

Json ToJson(const rpc::StatusChange& change) {
  return {{"status", change.status},
          {"name", change.name},
          {"at", change.at},
          {"reason", change.reason}};
}

}  // namespace

Json ToJson(const rpc::Failure& failure) {
  return {{"code", NameOf(failure.code)},
          {"message", failure.message},
          {"place", failure.place},
          {"remedy", failure.remedy}};
}

Json ToJson(const rpc::EventReceipt& receipt) {
  Json object{{"source", receipt.source},
              {"id", receipt.id},
              {"outcome", NameOf(receipt.outcome)},
              {"life_events", receipt.life_events},
              {"cases", receipt.cases}};
  if (receipt.__isset.failure) object["failure"] = ToJson(receipt.failure);
  Optional(object, "recorded_at", receipt.__isset.recorded_at, receipt.recorded_at);
  return object;
}

Json ToJson(const rpc::Suggestion& s) {
  return {{"service_id", s.service_id},
          {"name", s.name},
          {"summary", s.summary},
          {"verdict", NameOf(s.verdict)},
          {"about", s.about},
          {"reasons", List(s.reasons)},
          {"facts", List(s.facts)},
          {"missing", List(s.missing)},
          {"conditions", List(s.conditions)},
          {"mode", NameOf(s.mode)},
          {"situation", s.situation},
          {"benefit", s.benefit},
          {"visits", s.visits},
          {"ranked_by", s.ranked_by},
          {"exposure", s.exposure},
          {"authority", s.authority},
          {"because", s.because}};
}

Json ToJson(const rpc::AskedSource& asked) {
  std::string facts;
  for (const rpc::Named& fact : asked.facts) facts += (facts.empty() ? "" : " ") + fact.id;
  return {{"source", asked.source},
          {"registry", asked.registry},
          {"state", NameOf(asked.state)},
          {"citizen", asked.citizen},
          {"facts", facts},
          {"text", asked.text}};
}

std::string Readable(const std::vector<rpc::AskedSource>& asked) {
  std::string text;
  for (const rpc::AskedSource& each : asked) text += each.text + "\n";
  return text;
}

Json ToJson(const rpc::SourceSummary& source) {
  std::string facts;
  for (const rpc::Named& fact : source.facts) facts += (facts.empty() ? "" : " ") + fact.id;
  Json object{{"source", source.source},
              {"registry", source.registry.id},
              {"way", source.way},
              {"facts", facts},
              {"latency_ms", source.latency_ms},
              {"cache_seconds", source.cache_seconds}};
  Optional(object, "rests_because", source.__isset.rests_because, source.rests_because);
  return object;
}

Json ToJson(const rpc::Explanation& e) {
  Json object{{"service_id", e.service_id},
              {"name", e.name},
              {"about", e.about},
              {"verdict", NameOf(e.verdict)},
              {"summary", List(e.summary)},
              {"criteria", List(e.criteria)},
              {"grounds", List(e.grounds)},
              {"conditions", List(e.conditions)},
              {"missing", List(e.missing)},
              {"changes", List(e.changes)},
              {"regulation_from", e.regulation_from},
              {"catalogue_version", e.catalogue_version},
              {"valid_at", e.valid_at},
              {"known_at", e.known_at},
              {"rests_on_unconfirmed", e.rests_on_unconfirmed}};
  if (e.__isset.sources) object["sources"] = List(e.sources);
  return object;
}

Json ToJson(const rpc::Passport& passport) {
  return {{"service_id", passport.service_id},   {"name", passport.name},
          {"valid_at", passport.valid_at},       {"regulation_from", passport.regulation_from},
          {"region", passport.region},           {"variant", passport.variant},
          {"sections", List(passport.sections)}, {"changes", List(passport.changes)}};
}

Json ToJson(const rpc::NextQuestion& next) {
  Json object{{"expected", next.expected}, {"at_least", next.at_least}, {"at_most", next.at_most},
              {"exact", next.exact},       {"open", next.open},         {"settled", Json::array()}};
  for (const rpc::SettledService& settled : next.settled) {
    object["settled"].push_back({{"service_id", settled.service_id},
                                 {"name", settled.name},
                                 {"verdict", NameOf(settled.verdict)}});
  }
  if (next.__isset.sources) object["sources"] = List(next.sources);
  if (!next.__isset.question) return object;
  const rpc::Question& question = next.question;
  object["question"] = {{"attribute", question.attribute}, {"name", question.name},
                        {"citizen", question.citizen},     {"type", question.type},
                        {"values", question.values},       {"category", question.category},
                        {"decides", question.decides},     {"why", question.why}};
  return object;
}

Json ToJson(const rpc::ChainStep& step) {
  Json object{{"service_id", step.service_id},
              {"name", step.name},
              {"start", step.start},
              {"start_known", step.start_known},
              {"after", step.after},
              {"bring", step.bring},
              {"verdict", NameOf(step.verdict)},
              {"visits", step.visits},
              {"authority", step.authority},
              {"mode", NameOf(step.mode)},
              {"about", step.about},
              {"slack_days", step.slack_days},
              {"critical", step.critical},
              {"bottleneck", step.bottleneck},
              {"visit_days", step.visit_days},
              {"waits_for", step.waits_for},
              {"after_steps", step.after_steps},
              {"missing", List(step.missing)},
              {"scenario", step.scenario},
              {"how", step.how}};
  Optional(object, "finish", step.__isset.finish, step.finish);
  Optional(object, "latest_start", step.__isset.latest_start, step.latest_start);
  return object;
}

namespace {

Json ToJson(const rpc::ChainTrip& trip) {
  return {{"day", trip.day}, {"place", trip.place}, {"services", trip.services}};
}

Json ToJson(const rpc::ChainObstacle& obstacle) {
  return {{"text", obstacle.text},
          {"service_id", obstacle.service_id},
          {"grounds", obstacle.grounds},
          {"no_channel", obstacle.no_channel}};
}

Json ToJson(const rpc::ChainObstacles& obstacles) {
  return {{"goal", obstacles.goal},
          {"obstacles", List(obstacles.obstacles)},
          {"any_is_enough", obstacles.any_is_enough},
          {"proven", obstacles.proven},
          {"text", obstacles.text},
          {"why", Lower(rpc::_WhyUnreached_VALUES_TO_NAMES, obstacles.why)}};
}

}  // namespace

Json ToJson(const rpc::Chain& chain) {
  Json object{{"situation", chain.situation},
              {"name", chain.name},
              {"steps", List(chain.steps)},
              {"reached", chain.reached},
              {"unreachable", chain.unreachable},
              {"trips", List(chain.trips)},
              {"notes", chain.notes},
              {"obstacles", List(chain.obstacles)},
              {"proven", chain.proven},
              {"gap", chain.gap}};
  Optional(object, "finish", chain.__isset.finish, chain.finish);
  Optional(object, "last_safe_start", chain.__isset.last_safe_start, chain.last_safe_start);
  if (chain.__isset.days_more_at_most) object["days_more_at_most"] = chain.days_more_at_most;
  return object;
}

Json ToJson(const rpc::ChainOption& option) {
  return {{"kind", Lower(rpc::_ChainOptionKind_VALUES_TO_NAMES, option.kind)},
          {"name", option.name},
          {"chain", ToJson(option.chain)},
          {"trips", option.trips},
          {"fee", option.fee},
          {"fee_known", option.fee_known},
          {"documents", option.documents},
          {"proven", option.proven},
          {"trade", option.trade}};
}

Json ToJson(const rpc::ChainFront& front) {
  Json points = Json::array();
  for (const rpc::ChainPoint& point : front.points) {
    points.push_back({{"cost", point.cost},
                      {"days", point.days},
                      {"finish", point.__isset.finish ? Json(point.finish) : Json()},
                      {"fee", point.fee},
                      {"fee_known", point.fee_known},
                      {"visits", point.visits},
                      {"documents", point.documents},
                      {"services", point.service_ids},
                      {"scenarios", point.scenarios}});
  }
  return {{"situation", front.situation},
          {"name", front.name},
          {"about", front.about},
          {"points", std::move(points)},
          {"reached", front.reached},
          {"unreachable", front.unreachable},
          {"proven", front.proven},
          {"least_cost", front.least_cost},
          {"gap", front.gap}};
}

Json ToJson(const rpc::ChainRepair& repair) {
  return {{"chain", ToJson(repair.chain)}, {"changes", repair.changes}};
}

Json ToJson(const rpc::SituationOfCitizen& s) {
  return {{"situation", s.situation},
          {"name", s.name},
          {"description", s.description},
          {"life_event", s.life_event},
          {"occurred_on", s.occurred_on},
          {"open_until", s.open_until},
          {"about", s.about},
          {"source", s.source}};
}

Json ToJson(const rpc::SituationSummary& s) {
  return {{"id", s.id}, {"name", s.name}, {"description", s.description}, {"services", s.services}};
}

Json ToJson(const rpc::ProfileFact& fact) {
  Json object{{"attribute", fact.attribute},
              {"name", fact.name},
              {"value", fact.value},
              {"valid_from", fact.valid_from},
              {"known_at", fact.known_at},
              {"source", fact.source},
              {"category", fact.category},
              {"evidence", ToJson(fact.evidence)},
              {"evidence_text", fact.evidence_text}};
  Optional(object, "valid_to", fact.__isset.valid_to, fact.valid_to);
  return object;
}

Json ToJson(const rpc::Profile& profile) {
  return {{"citizen", profile.citizen},
          {"facts", List(profile.facts)},
          {"relations", List(profile.relations)},
          {"valid_at", profile.valid_at},
          {"known_at", profile.known_at}};
}

Json ToJson(const rpc::RecordedFact& recorded) {
  return WithSupersession(ToJson(recorded.fact), recorded);
}

Json ToJson(const rpc::RecordedRelation& recorded) {
  return WithSupersession(ToJson(recorded.relation), recorded);
}

Json ToJson(const rpc::Correction& correction) {
  Json object{{"source", correction.source},
              {"event", correction.event},
              {"at", correction.at},
              {"annuls", correction.annuls}};
  Optional(object, "by", correction.__isset.by, correction.by);
  return object;
}

Json ToJson(const rpc::Household& household) {
  return {{"citizen", household.citizen},
          {"members", List(household.members)},
          {"valid_at", household.valid_at},
          {"known_at", household.known_at}};
}

static Json NamesOf(const std::vector<rpc::Named>& items) {
  Json names = Json::array();
  for (const rpc::Named& item : items) names.push_back({{"id", item.id}, {"name", item.name}});
  return names;
}

Json ToJson(const rpc::Ruling& ruling) {
  Json object{{"decided", ruling.decided},          {"by", ruling.by},
              {"by_official", ruling.by_official},  {"verdict", NameOf(ruling.verdict)},
              {"grounds", NamesOf(ruling.grounds)}, {"at", ruling.at}};
  Optional(object, "override", ruling.__isset.override_reason, ruling.override_reason.id);
  return object;
}

Json ToJson(const rpc::TriggerDecision& decision) {
  return {{"at", decision.at},         {"situation", decision.situation},
          {"about", decision.about},   {"service_id", decision.service_id},
          {"starts", decision.starts}, {"reason", decision.reason},
          {"text", decision.text},     {"details", NamesOf(decision.details)}};
}

Json ToJson(const rpc::OverrideCount& count) {
  return {{"service_id", count.service_id}, {"service_name", count.service_name},
          {"reason", count.reason.id},      {"reason_name", count.reason.name},
          {"decided", count.decided},       {"count", count.count}};
}

// How the case goes on; what there is nothing of is left out.
static void AddCourse(const rpc::Case& c, Json& object) {
  if (!c.rulings.empty()) object["rulings"] = List(c.rulings);
  if (!c.awaited.empty()) object["awaited"] = NamesOf(c.awaited);
  Optional(object, "wait_until", c.__isset.wait_until, c.wait_until);
  if (!c.compensation.empty()) object["compensation"] = c.compensation;
  if (c.refused_count == 0) return;
  object["refused_count"] = c.refused_count;
  Json steps = Json::array();
  for (const rpc::RefusedStep& step : c.refused_steps) {
    steps.push_back({{"status", step.status}, {"action", step.action}, {"at", step.at}});
  }
  object["refused_steps"] = std::move(steps);
}

Json ToJson(const rpc::Case& c) {
  Json object{{"id", c.id},
              {"citizen", c.citizen},
              {"about", c.about},
              {"service_id", c.service_id},
              {"service_name", c.service_name},
              {"situation", c.situation},
              {"mode", NameOf(c.mode)},
              {"status", c.status},
              {"status_name", c.status_name},
              {"opened_at", c.opened_at},
              {"due_note", c.due_note},
              {"history", List(c.history)},
              {"verdict", NameOf(c.verdict)},
              {"reasons", List(c.reasons)},
              {"authority", c.authority}};
  Optional(object, "due", c.__isset.due, c.due);
  Optional(object, "consent", c.__isset.consent, c.consent);
  AddCourse(c, object);
  if (c.__isset.sources) object["sources"] = List(c.sources);
  return object;
}

Json ToJson(const rpc::Notification& n) {
  Json form{{"sequence", n.sequence}, {"citizen", n.citizen}, {"at", n.at},
            {"title", n.title},       {"text", n.text},       {"case_id", n.case_id}};
  if (n.__isset.delivery) form["delivery"] = n.delivery;
  if (n.__isset.delivery_reason) form["delivery_reason"] = n.delivery_reason;
  return form;
}

Json ToJson(const rpc::Erasure& erasure) {
  const auto ids = [](const std::vector<rpc::Named>& named) {
    Json all = Json::array();
    for (const rpc::Named& each : named) all.push_back(each.id);
    return all;
  };
  Json form{{"citizen", erasure.citizen},          {"facts", erasure.facts},
            {"consents", erasure.consents},        {"proxies", erasure.proxies},
            {"stopped", ids(erasure.stopped)},     {"held_by", ids(erasure.held_by)},
            {"consequences", erasure.consequences}};
  if (erasure.__isset.erased_at) form["erased_at"] = erasure.erased_at;
  return form;
}

Json ToJson(const rpc::UseOfData& use) {
  Json categories = Json::array();
  for (const rpc::Named& category : use.categories) categories.push_back(category.id);
  Json form{{"number", use.number}, {"at", use.at},     {"kind", use.kind},
            {"who", use.who},       {"what", use.what}, {"categories", categories},
            {"basis", use.basis},   {"own", use.own},   {"text", use.text}};
  if (use.__isset.reason) form["reason"] = use.reason;
  if (use.__isset.purpose) form["purpose"] = use.purpose;
  return form;
}

Json ToJson(const rpc::Status& status) {
  Json form{{"version", status.version},
            {"catalogue_version", status.catalogue_version},
            {"model_version", status.model_version},
            {"now", status.now},
            {"services", status.services},
            {"situations", status.situations},
            {"ready", status.ready}};
  if (status.__isset.not_ready_because) form["not_ready_because"] = status.not_ready_because;
  return form;
}

}  // namespace kstati::cli
