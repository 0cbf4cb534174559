// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <variant>

#include "base/check.h"
#include "eligibility/decision.h"
#include "eligibility/internal/certified_law.h"
#include "eligibility/internal/completion.h"
#include "eligibility/internal/evaluation.h"
#include "eligibility/internal/formula.h"
#include "eligibility/internal/ruling.h"
#include "eligibility/program.h"

namespace kstati::eligibility {
namespace {

using nlohmann::json;

std::string Sha256(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

json DayForm(const std::optional<Date>& day) { return day ? json(day->ToString()) : json(); }

json WhenForm(const graph::ParameterValue& value) {
  json when = json::object();
  for (const auto& [dimension, match] : value.when) {
    json& form = when[dimension] = json::object();
    if (!match.word.empty()) form["word"] = match.word;
    if (match.from) form["from"] = std::to_string(*match.from);
    if (match.to) form["to"] = std::to_string(*match.to);
  }
  return when;
}

std::string_view NameOf(Truth truth) {
  switch (truth) {
    case Truth::kHolds: return "holds";
    case Truth::kFails: return "fails";
    case Truth::kUnknown: return "unknown";
  }
  return {};
}

// Writes down what the recorded evaluation of one decision read. Cells come after those they read.
class Writer {
 public:
  Writer(const Rulebook& book, const graph::Service& service, const Subject& subject,
         const CertificateTerms& terms)
      : book_(book),
        evaluation_(book, subject, true),
        subject_(subject),
        service_(service),
        about_(service.about),
        terms_(terms) {}

  Result<json> Write() {
    const profile::FactView& person = *subject_.household->person;
    json form{{"format", "kstati-certificate/1"},
              {"applicant", terms_.pseudonym(person.citizen())},
              {"other", Other()},
              {"event_date", DayForm(subject_.event_date)},
              {"made_up", subject_.only_stated},
              {"valid_at", subject_.day().ToString()},
              {"known_at", person.as_of().known_at.ToString()},
              {"salt", terms_.salt}};
    const Ruling ruling = RuleOn(service_, book_, evaluation_);
    KSTATI_TRY(form["law"], CertifiedLaw(service_, subject_.day(), Region(), book_));
    form["law_sha256"] = Sha256(form["law"].dump());
    CollectMemberNames(ruling);
    KSTATI_TRY_VOID(AddDecision(service_, ruling, form));
    form["decisions"] = std::move(decisions_);
    form["facts"] = std::move(facts_);
    form["relations"] = std::move(relations_);
    form["parameters"] = std::move(parameters_);
    form["cells"] = std::move(cells_);
    return form;
  }

 private:
  json Citizen(CitizenId citizen) const {
    return citizen.number() == 0 ? json() : json(terms_.pseudonym(citizen));
  }

  json Other() const {
    const bool none = about_ == graph::About::kPerson || subject_.about == nullptr;
    return none ? json() : Citizen(subject_.about->citizen());
  }

  json MissingForm(const Missing& missing) const {
    if (!missing.parameter.empty()) return {{"parameter", missing.parameter.text()}};
    return {{"attribute", missing.attribute.text()}, {"citizen", Citizen(missing.citizen)}};
  }

  // Adds the hash that binds a record to this certificate, and gives its position.
  size_t Append(json record, json& list) const {
    record["sha256"] = Sha256(terms_.salt + record.dump());
    list.push_back(std::move(record));
    return list.size() - 1;
  }

  Result<size_t> FactIndex(const UsedFact& used) {
    const auto key = std::pair(used.citizen, used.fact.attribute);
    if (const auto known = fact_index_.find(key); known != fact_index_.end()) return known->second;
    json form{{"attribute", used.fact.attribute.text()}, {"citizen", Citizen(used.citizen)}};
    KSTATI_TRY(form["value"], ValueForm(ToFeel(used.fact.value)));
    if (used.assumed_absent) {
      form["absent"] = true;
      form["registry"] = book_.dictionary.Find(used.fact.attribute)->registry.text();
    } else {
      AddOrigin(used.fact.valid, used.fact.known_at, used.fact.reported_by, form);
    }
    return fact_index_[key] = Append(std::move(form), facts_);
  }

  static void AddOrigin(const DateInterval& valid, Instant known_at,
                        const profile::EventKey& reported_by, json& form) {
    form["valid_from"] = valid.from.ToString();
    form["valid_to"] = DayForm(valid.to);
    form["known_at"] = known_at.ToString();
    form["registry"] = reported_by.source.text();
    form["event"] = reported_by.id.text();
  }

  size_t RelationIndex(const profile::Relation& relation) {
    json form{{"from", Citizen(relation.from)},
              {"to", Citizen(relation.to)},
              {"kind", profile::NameOf(relation.kind)}};
    AddOrigin(relation.valid, relation.known_at, relation.reported_by, form);
    const std::string key = form.dump();
    const auto known = relation_index_.find(key);
    if (known != relation_index_.end()) return known->second;
    return relation_index_[key] = Append(std::move(form), relations_);
  }

  Result<size_t> ParameterIndex(const UsedParameter& used) {
    const auto known = parameter_index_.find(used.value);
    if (known != parameter_index_.end()) return known->second;
    const auto* number = std::get_if<Decimal>(&used.value->value);
    KSTATI_TRY(json value,
               ValueForm(number ? feel::Value::Number(*number)
                                : feel::Value::OfDate(std::get<Date>(used.value->value))));
    json form{{"parameter", used.parameter.text()},
              {"value", std::move(value)},
              {"region", used.value->region},
              {"from", used.value->in_force.from.ToString()},
              {"to", DayForm(used.value->in_force.to)},
              {"when", WhenForm(*used.value)},
              {"verification", graph::NameOf(used.value->verification)},
              {"sources", used.value->sources}};
    return parameter_index_[used.value] = Append(std::move(form), parameters_);
  }

  std::string Region() {
    if (book_.region_slot == kNone) return {};
    const feel::Value& region = evaluation_.Load(kApplicantFrame, book_.region_slot).value;
    return region.is(feel::Kind::kString) ? region.string() : std::string();
  }

  // Relatives show what some rule of this decision can name, and nothing else.
  void CollectMemberNames(const Ruling& ruling) {
    for (const uint32_t rule : ruling.rules) Visit(book_.rules[rule]);
    if (book_.region_slot != kNone) Visit(book_.region_slot);
  }

  void Visit(const Rule& rule) {
    member_slots_.insert(rule.member_slots.begin(), rule.member_slots.end());
    for (const uint32_t slot : SlotsRead(rule, book_)) Visit(slot);
    for (const uint32_t slot : rule.member_slots) Visit(slot);
  }

  void Visit(uint32_t index) {
    if (!visited_.insert(index).second) return;
    const Slot& slot = book_.slots[index];
    if (slot.origin == Origin::kAlias) Visit(slot.target);
    if (slot.origin == Origin::kDerived) Visit(book_.derived[slot.target]);
    if (slot.origin == Origin::kModel) {
      for (const auto& input : book_.model_decisions[slot.target].inputs) Visit(input.slot);
    }
    if (slot.origin == Origin::kDecision && IsRead(index)) CollectMemberNames(RulingAt(index));
  }

  // Whether the decision of another service was asked for.
  bool IsRead(uint32_t slot) const {
    return evaluation_.IsLoaded(evaluation_.Keeper(FrameFor(about_), book_.slots[slot].needs),
                                slot);
  }

  Ruling RulingAt(uint32_t slot) {
    return RuleOn(book_.catalogue.services()[book_.slots[slot].target], book_, evaluation_);
  }

  // What one service's rules come to, and everything that tells how.
  Result<void> AddDecision(const graph::Service& service, const Ruling& ruling, json& form) {
    form["service"] = service.id.text();
    form["criteria"] = json::array();
    if (ruling.in_force != nullptr) {
      std::set<json> missing;
      KSTATI_TRY_VOID(AddRegion(service, form, missing));
      KSTATI_TRY(form["criteria"], Outcomes(*ruling.regulation, service.about, missing));
      KSTATI_TRY_VOID(AddCategories(service, ruling, form, missing));
      const bool open = ruling.verdict == Verdict::kUndetermined;
      form["missing"] = open ? missing : std::set<json>();
    } else {
      form["missing"] = json::array();
    }
    form["verdict"] = eligibility::NameOf(ruling.verdict);
    form["rests_on_unconfirmed"] = ruling.mark.unconfirmed;
    const bool founded = ruling.mark.reported_by != nullptr;
    form["founded_at"] = founded ? json(ruling.mark.known_at.ToString()) : json();
    form["grounds"] = json::array();
    for (const GroundId& ground : ruling.grounds) form["grounds"].push_back(ground.text());
    return {};
  }

  // Where regions differ: the cell of the applicant's.
  Result<void> AddRegion(const graph::Service& service, json& form, std::set<json>& missing) {
    if (!service.DependsOnRegion(subject_.day())) return {};
    KSTATI_TRY(form["region"], CellIndex(kApplicantFrame, book_.region_slot));
    const feel::Value& region = evaluation_.Load(kApplicantFrame, book_.region_slot).value;
    if (region.is_unknown()) AddMissing(region, missing);
    return {};
  }

  // Who belongs to which category; and while that is open, what each would decide.
  Result<void> AddCategories(const graph::Service& service, const Ruling& ruling, json& form,
                             std::set<json>& missing) {
    const std::vector<graph::Variant>& variants = ruling.in_force->variants;
    if (variants.empty()) return {};
    if (ruling.variant != nullptr) form["variant"] = ruling.variant->id;
    form["categories"] = json::array();
    const Plan& plan = book_.plans.at(ruling.in_force);
    for (size_t i = 0; i < variants.size(); ++i) {
      KSTATI_TRY(json outcome,
                 OutcomeForm(variants[i].category, plan.categories[i], service.about, missing));
      form["categories"].push_back(std::move(outcome));
    }
    if (ruling.possible.empty()) return {};
    form["variants"] = json::object();
    for (const graph::Variant* variant : ruling.possible) {
      KSTATI_TRY(form["variants"][variant->id],
                 Outcomes(*variant->regulation, service.about, missing));
    }
    return {};
  }

  Result<json> Outcomes(const graph::Regulation& regulation, graph::About about,
                        std::set<json>& missing) {
    json forms = json::array();
    const Plan& plan = book_.plans.at(&regulation);
    for (size_t i = 0; i < plan.rules.size(); ++i) {
      KSTATI_TRY(json form, OutcomeForm(regulation.criteria[i], plan.rules[i], about, missing));
      forms.push_back(std::move(form));
    }
    return forms;
  }

  // Whether a derived attribute itself is what is missing, not what it is made of.
  bool IsCutShort(const RuleCell& cell) const {
    return std::ranges::any_of(cell.cell.value.missing(), [&](feel::InputId input) {
      if ((input & kParameterInput) != 0) return false;
      const Origin origin = book_.slots[evaluation_.SlotOf(input)].origin;
      return origin == Origin::kDerived || origin == Origin::kModel;
    });
  }

  Result<json> OutcomeForm(const graph::Criterion& criterion, uint32_t rule, graph::About about,
                           std::set<json>& missing) {
    const uint32_t frame = FrameFor(about);
    const RuleCell& cell = evaluation_.RuleAt(frame, rule);
    if (cell.truth == Truth::kUnknown && (!cell.cell.value.is_unknown() || IsCutShort(cell))) {
      return Fail(ErrorCode::kUnsupported, "criterion " + criterion.id + " exceeds a limit", {},
                  "simplify the rule");
    }
    std::set<json> own;
    if (cell.cell.value.is_unknown()) AddMissing(cell.cell.value, own);
    missing.insert(own.begin(), own.end());
    json form{{"id", criterion.id}, {"outcome", NameOf(cell.truth)}, {"missing", own}};
    KSTATI_TRY(form["reads"], ReadsOf(book_.rules[rule], frame));
    KSTATI_TRY_VOID(AddBasis(evaluation_.ReadsOf(frame, rule), form));
    return form;
  }

  void AddMissing(const feel::Value& unknown, std::set<json>& missing) const {
    for (const feel::InputId input : unknown.missing()) {
      missing.insert(MissingForm(evaluation_.MissingAt(input, about_)));
    }
  }

  Result<void> AddBasis(const Reads& reads, json& form) {
    std::set<size_t> facts;
    for (const Place place : reads.facts) {
      const std::optional<UsedFact> used = evaluation_.FactAt(place);
      if (!used) continue;
      KSTATI_TRY(const size_t index, FactIndex(*used));
      facts.insert(index);
    }
    std::set<size_t> parameters;
    for (const UsedParameter& used : reads.parameters) {
      KSTATI_TRY(const size_t index, ParameterIndex(used));
      parameters.insert(index);
    }
    form["facts"] = facts;
    form["parameters"] = parameters;
    return {};
  }

  // The cells behind the names of a rule, as far as they were read.
  Result<json> ReadsOf(const Rule& rule, uint32_t frame) {
    json reads = json::object();
    for (const uint32_t slot : rule.expression.slots()) {
      KSTATI_TRY_VOID(AddRead(frame, slot, reads));
    }
    if (AsksRegion(rule, book_) && evaluation_.IsLoaded(kApplicantFrame, book_.region_slot)) {
      KSTATI_TRY(reads["@region"], CellIndex(kApplicantFrame, book_.region_slot));
    }
    return reads;
  }

  Result<json> ReadsOf(const ModelDecision& decision, uint32_t frame) {
    json reads = json::object();
    for (const auto& input : decision.inputs) KSTATI_TRY_VOID(AddRead(frame, input.slot, reads));
    return reads;
  }

  Result<void> AddRead(uint32_t frame, uint32_t slot, json& reads) {
    const uint32_t keeper = evaluation_.Keeper(frame, book_.slots[slot].needs);
    if (!evaluation_.IsLoaded(keeper, slot)) return {};
    KSTATI_TRY(reads[book_.IdOf(slot).text()], CellIndex(keeper, slot));
    return {};
  }

  Result<size_t> CellIndex(uint32_t frame, uint32_t slot) {
    const Place place = evaluation_.PlaceOf(frame, slot);
    if (const auto known = cell_index_.find(place); known != cell_index_.end()) {
      return known->second;
    }
    json form{{"name", book_.IdOf(slot).text()}, {"of", Citizen(evaluation_.CitizenOf(frame))}};
    KSTATI_TRY_VOID(Describe(frame, slot, form));
    const feel::Value& value = evaluation_.Load(frame, slot).value;
    if (!value.is_unknown() && !value.is(feel::Kind::kList)) {
      KSTATI_TRY(form["value"], ValueForm(value));
    }
    cells_.push_back(std::move(form));
    return cell_index_[place] = cells_.size() - 1;
  }

  // Adds where the value comes from.
  Result<void> Describe(uint32_t frame, uint32_t slot, json& form) {
    const Place place = evaluation_.PlaceOf(frame, slot);
    const Slot& described = book_.slots[slot];
    if (evaluation_.AssumedAt(frame, slot) != nullptr) {
      form["assumed"] = Citizen(evaluation_.HolderOf(place));
      return {};
    }
    const bool computed =
        described.origin == Origin::kDerived || described.origin == Origin::kModel;
    const bool stated = computed && subject_.only_stated;
    if (described.origin == Origin::kReported || stated) {
      if (const std::optional<UsedFact> used = evaluation_.FactAt(place)) {
        KSTATI_TRY(form["fact"], FactIndex(*used));
        return {};
      }
    }
    if (described.origin == Origin::kDerived) {
      KSTATI_TRY(form["reads"], ReadsOf(book_.derived[described.target], frame));
      return {};
    }
    if (described.origin == Origin::kModel) {
      KSTATI_TRY(form["reads"], ReadsOf(book_.model_decisions[described.target], frame));
      return {};
    }
    if (described.origin == Origin::kDecision) return DescribeDecision(frame, slot, form);
    if (described.origin == Origin::kBuiltin) {
      return DescribeBuiltin(frame, static_cast<Builtin>(described.target), form);
    }
    const std::optional<uint32_t> source =
        described.origin == Origin::kAlias ? evaluation_.SourceOf(frame, slot) : std::nullopt;
    if (!source) {
      form["missing"] = MissingForm(evaluation_.MissingAt(place, about_));
      return {};
    }
    const uint32_t keeper = evaluation_.Keeper(*source, book_.slots[described.target].needs);
    KSTATI_TRY(form["same_as"], CellIndex(keeper, described.target));
    return {};
  }

  Result<void> DescribeDecision(uint32_t frame, uint32_t slot, json& form) {
    const Ruling ruling = RulingAt(slot);
    json decision = json::object();
    KSTATI_TRY_VOID(
        AddDecision(book_.catalogue.services()[book_.slots[slot].target], ruling, decision));
    decisions_.push_back(std::move(decision));
    form["decided"] = decisions_.size() - 1;
    if (ruling.verdict == Verdict::kUndetermined && ruling.missing.empty()) {
      form["missing"] =
          MissingForm(evaluation_.MissingAt(evaluation_.PlaceOf(frame, slot), about_));
    }
    return {};
  }

  Result<void> DescribeBuiltin(uint32_t frame, Builtin builtin, json& form) {
    const uint32_t slot = book_.SlotOf(builtin);
    if (evaluation_.Load(frame, slot).value.is_unknown()) {
      form["missing"] =
          MissingForm(evaluation_.MissingAt(evaluation_.PlaceOf(frame, slot), about_));
    } else if (IsMemberList(builtin)) {
      return DescribeMembers(frame, builtin, form);
    } else if (builtin != Builtin::kEventDate) {
      const profile::Relation* relation = evaluation_.RelationOf(frame, builtin);
      form["relations"] = json::array();
      if (relation != nullptr) form["relations"].push_back(RelationIndex(*relation));
    }
    return {};
  }

  Result<void> DescribeMembers(uint32_t frame, Builtin list, json& form) {
    form["relations"] = json::array();
    for (const profile::Relation* relation : evaluation_.RelationsOf(frame, list)) {
      form["relations"].push_back(RelationIndex(*relation));
    }
    form["members"] = json::array();
    for (const uint32_t member : evaluation_.MembersOf(frame, list)) {
      json reads = json::object();
      for (const uint32_t slot : member_slots_) {
        KSTATI_TRY(reads[book_.IdOf(slot).text()], CellIndex(member, slot));
      }
      form["members"].push_back(
          {{"citizen", Citizen(evaluation_.CitizenOf(member))}, {"reads", std::move(reads)}});
    }
    return {};
  }

  const Rulebook& book_;
  Evaluation evaluation_;
  const Subject& subject_;
  const graph::Service& service_;
  const graph::About about_;
  const CertificateTerms& terms_;
  std::set<uint32_t> member_slots_;
  std::set<uint32_t> visited_;
  json facts_ = json::array();
  json relations_ = json::array();
  json parameters_ = json::array();
  json cells_ = json::array();
  json decisions_ = json::array();  // of other services
  std::map<std::pair<CitizenId, AttributeId>, size_t> fact_index_;
  std::map<std::string, size_t> relation_index_;
  std::map<const graph::ParameterValue*, size_t> parameter_index_;
  std::map<Place, size_t> cell_index_;
};

// The name that a missing fact has in the profile where it would stand.
const std::string& RecordedName(const Missing& fact, const Rulebook& book) {
  uint32_t slot = book.Find(fact.attribute).value();
  while (book.slots[slot].origin == Origin::kAlias) slot = book.slots[slot].target;
  return book.IdOf(slot).text();
}

// One content for each way in which the missing facts may turn out, made by `content`, and the
// facts and values that the ways are made of.
Result<json> CompletionForm(const Rulebook& book, const Subject& subject, const Decision& decision,
                            const CertificateTerms& terms,
                            const std::function<Result<json>(const Subject&)>& content) {
  const Completion completion = Complete(book, subject, *decision.described, decision.region, {});
  KSTATI_CHECK(completion.ruling.has_value());  // the decision is by completion
  json form{{"format", "kstati-certificate/1"},
            {"completes", json::array()},
            {"ways", json::array()},
            {"verdict", eligibility::NameOf(decision.verdict)},
            {"grounds", json::array()},
            {"rests_on_unconfirmed", decision.rests_on_unconfirmed},
            {"founded_at", decision.founded_at ? json(decision.founded_at->ToString()) : json()}};
  for (const GroundId& ground : decision.grounds) form["grounds"].push_back(ground.text());
  for (const Completion::Domain& domain : completion.varied) {
    json values = json::array();
    for (const profile::FactValue& value : domain.values) {
      KSTATI_TRY(json one, ValueForm(ToFeel(value)));
      values.push_back(std::move(one));
    }
    form["completes"].push_back({{"name", RecordedName(domain.fact, book)},
                                 {"citizen", terms.pseudonym(domain.fact.citizen)},
                                 {"values", std::move(values)}});
  }
  for (const std::vector<Assumption>& way : completion.ways) {
    Subject supposed = subject;
    supposed.assumed = way;
    KSTATI_TRY(json one, content(supposed));
    form["ways"].push_back(std::move(one));
  }
  return form;
}

std::string Sealed(json form) {
  const std::string digest = Sha256(form.dump());
  return json{{"certificate", std::move(form)}, {"sha256", digest}}.dump();
}

}  // namespace

CertificateTerms AnonymousTerms() {
  KSTATI_CHECK(sodium_init() >= 0);
  std::array<unsigned char, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::string salt(2 * random.size() + 1, '\0');
  sodium_bin2hex(salt.data(), salt.size(), random.data(), random.size());
  salt.pop_back();
  const auto names = std::make_shared<std::map<CitizenId, std::string>>();
  return {[names](CitizenId citizen) {
            const auto [entry, is_new] = names->try_emplace(citizen);
            if (is_new) entry->second = "p" + std::to_string(names->size());
            return entry->second;
          },
          std::move(salt)};
}

Result<std::string> Program::Certify(const graph::Service& service, const Subject& subject,
                                     const CertificateTerms& terms) const {
  if (!subject.assumed.empty() || subject.today || subject.law_on) {
    return Fail(ErrorCode::kInvalidArgument,
                "a decision that rests on assumptions has no certificate", {},
                "record the facts, then certify");
  }
  // An evaluation of its own: another decision's reads are nobody's business.
  const auto content = [&](const Subject& of) {
    return Writer(*book_, service, of, terms).Write();
  };
  const Decision decision = Decide(service, subject, false);
  KSTATI_TRY(json form, decision.completed.empty()
                            ? content(subject)
                            : CompletionForm(*book_, subject, decision, terms, content));
  return Sealed(std::move(form));
}

}  // namespace kstati::eligibility
