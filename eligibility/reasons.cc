// SPDX-License-Identifier: Apache-2.0
#include "eligibility/reasons.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/clock.h"
#include "eligibility/internal/catalogue_scope.h"
#include "eligibility/internal/value_words.h"

namespace kstati::eligibility {
namespace {

using Arguments = std::map<std::string, Messages::Argument>;

// Registries report by Moscow time, and so their days are shown.
const std::string kRegistryZone = "Europe/Moscow";

// Writes the sentences about one decision. References outlive the writer.
class Writer {
 public:
  Writer(const Decision& decision, const Program& program, const Messages& messages,
         Language language, Values values)
      : decision_(decision),
        program_(program),
        messages_(messages),
        language_(language),
        values_(values) {}

  std::vector<Reason> Write() && {
    WriteVerdict();
    if (decision_.amount) WriteAmount();
    if (decision_.regulation == nullptr) {
      Add(Format("reason.no_regulation", {{"day", InWords(decision_.as_of.valid_at)}}));
      return std::move(reasons_);
    }
    WriteCategory();
    switch (decision_.verdict) {
      case Verdict::kNotEligible:
        WriteCriteria(Truth::kFails);
        WriteOneOfSeveral();
        break;
      case Verdict::kUndetermined:
        WriteNobody();
        WriteRegion();
        WriteCriteria(Truth::kUnknown);
        break;
      case Verdict::kLikely:
        WriteConditions();
        WriteCriteria(Truth::kHolds);
        break;
      case Verdict::kEligible: WriteCriteria(Truth::kHolds); break;
    }
    if (!decision_.completed.empty()) {
      Add(Format("reason.completed", {{"list", NamesOf(decision_.completed)}}));
    }
    if (decision_.rests_on_unconfirmed) Add(Format("reason.unconfirmed"));
    return std::move(reasons_);
  }

 private:
  std::string Format(std::string_view key, const Arguments& arguments = {}) const {
    return messages_.Format(language_, key, arguments);
  }

  std::string InWords(Date day) const { return DayInWords(day, messages_, language_); }

  void Add(std::string text, const graph::LegalSource* source = nullptr) {
    reasons_.push_back({std::move(text), source});
  }

  void WriteVerdict() {
    const Arguments service{{"service", decision_.described->name.in(language_)}};
    switch (decision_.verdict) {
      case Verdict::kEligible: return Add(Format("reason.verdict.eligible", service));
      case Verdict::kNotEligible: return Add(Format("reason.verdict.not_eligible", service));
      case Verdict::kUndetermined: return Add(Format("reason.verdict.undetermined", service));
      case Verdict::kLikely: return Add(Format("reason.verdict.likely", service));
    }
  }

  void WriteAmount() {
    const std::string figure = ValueInWords(profile::FactValue(*decision_.amount),
                                            profile::ValueType::kMoney, messages_, language_);
    const std::string period(graph::NameOf(decision_.regulation->benefit->period));
    Add(Format("reason.amount." + period, {{"amount", figure}}));
  }

  // Which category of applicants the person belongs to, or what is in the way of telling.
  void WriteCategory() {
    if (decision_.in_force->variants.empty()) return;
    if (decision_.variant != nullptr) {
      const auto own = std::ranges::find_if(decision_.categories, [&](const auto& outcome) {
        return outcome.criterion == &decision_.variant->category;
      });
      std::string text =
          Format("reason.category", {{"category", decision_.variant->name.in(language_)}});
      if (own != decision_.categories.end()) text += BasisOf(*own);
      return Add(std::move(text), &decision_.variant->category.source);
    }
    bool open = false;
    size_t covering = 0;
    for (const CriterionOutcome& outcome : decision_.categories) {
      if (outcome.truth == Truth::kHolds) ++covering;
      if (outcome.truth != Truth::kUnknown) continue;
      open = true;
      Add(Format("reason.category.open", {{"category", outcome.criterion->text.in(language_)}}) +
          ListOf(outcome.missing));
    }
    if (open || decision_.categories.empty()) return;
    const std::optional<graph::Otherwise>& otherwise = decision_.in_force->otherwise;
    if (covering == 0 && otherwise) {
      Add(Format("reason.category.otherwise", {{"ground", GroundInWords(otherwise->ground)}}),
          &otherwise->source);
    } else {
      Add(Format("reason.category.contradiction"));
    }
  }

  // Regions decide differently, and the person's is not known.
  void WriteRegion() {
    if (!decision_.described->DependsOnRegion(decision_.as_of.valid_at)) return;
    for (const Missing& missing : decision_.missing) {
      if (missing.attribute != AttributeId("person.region_code")) continue;
      Add(Format("reason.region.open") + ListOf({missing}));
    }
  }

  // The service is about a child or a deceased, and nobody said who that is.
  void WriteNobody() {
    if (decision_.about != decision_.applicant) return;
    if (decision_.described->about == graph::About::kChild) Add(Format("reason.nobody.child"));
    if (decision_.described->about == graph::About::kDeceased) {
      Add(Format("reason.nobody.deceased"));
    }
  }

  void WriteConditions() {
    for (const graph::Condition& condition : decision_.regulation->conditions) {
      Add(Format("reason.condition", {{"condition", condition.text.in(language_)}}),
          condition.source ? &*condition.source : nullptr);
    }
  }

  void WriteCriteria(Truth truth) {
    for (const CriterionOutcome& outcome : decision_.criteria) {
      if (outcome.truth == truth) {
        Add(CriterionInWords(outcome), &outcome.criterion->source);
      }
    }
  }

  std::string CriterionInWords(const CriterionOutcome& outcome) const {
    const std::string criterion = outcome.criterion->text.in(language_);
    if (outcome.truth == Truth::kUnknown) {
      const std::string text = Format("reason.criterion.unknown", {{"criterion", criterion}});
      return text + ListOf(outcome.missing);
    }
    const bool holds = outcome.truth == Truth::kHolds;
    const std::string text = holds ? Format("reason.criterion.holds", {{"criterion", criterion}})
                                   : Format("reason.criterion.fails",
                                            {{"criterion", criterion},
                                             {"ground", GroundInWords(outcome.criterion->ground)}});
    return text + BasisOf(outcome);
  }

  // The facts and the law behind an outcome.
  std::string BasisOf(const CriterionOutcome& outcome) const {
    std::vector<std::string> facts;
    for (const Reading& reading : outcome.readings) facts.push_back(ReadingInWords(reading));
    for (const UsedParameter& used : outcome.parameters) facts.push_back(LawInWords(used));
    // Which rules matched tells of the facts.
    if (values_ == Values::kShown) AddMatched(outcome.matched, facts);
    return facts.empty() ? std::string() : " " + Join(facts) + ".";
  }

  // The rules of each decision table, in the order in which tables were met.
  void AddMatched(const std::vector<MatchedRule>& matched, std::vector<std::string>& facts) const {
    std::vector<std::pair<std::string, std::string>> tables;
    for (const MatchedRule& one : matched) {
      auto table = std::ranges::find(tables, one.decision, &decltype(tables)::value_type::first);
      if (table == tables.end()) table = tables.insert(table, {one.decision, {}});
      table->second += (table->second.empty() ? "" : ", ") + std::to_string(one.rule);
    }
    for (const auto& [table, rules] : tables) {
      facts.push_back(Format("reason.table", {{"table", table}, {"rules", rules}}));
    }
  }

  static std::string Join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
    return text;
  }

  std::string ListOf(const std::vector<Missing>& missing) const {
    if (missing.empty()) return {};
    return " " + Format("reason.missing", {{"list", NamesOf(missing)}});
  }

  std::string NamesOf(const std::vector<Missing>& missing) const {
    std::vector<std::string> names;
    for (const Missing& one : missing) names.push_back(MissingInWords(one));
    return Join(names);
  }

  // Open criteria of which some fails for certain, though it is not known which.
  void WriteOneOfSeveral() {
    for (const GroundId& ground : decision_.grounds) {
      std::vector<std::string> open;
      const CriterionOutcome* first = nullptr;
      bool fails = false;
      for (const CriterionOutcome& outcome : decision_.criteria) {
        if (outcome.criterion->ground != ground) continue;
        fails |= outcome.truth == Truth::kFails;
        if (outcome.truth != Truth::kUnknown) continue;
        open.push_back(outcome.criterion->text.in(language_));
        first = first == nullptr ? &outcome : first;
      }
      if (fails || first == nullptr) continue;
      Add(Format("reason.one_of_several",
                 {{"list", Join(open)}, {"ground", GroundInWords(first->criterion->ground)}}),
          &first->criterion->source);
    }
  }

  std::string GroundInWords(const GroundId& id) const {
    const graph::RefusalGround* ground = program_.catalogue().FindGround(id);
    return ground == nullptr ? id.text() : ground->text.in(language_);
  }

  std::string RegistryInWords(const RegistryId& id) const {
    const profile::Registry* registry = program_.dictionary().FindRegistry(id);
    return registry == nullptr ? id.text() : registry->name.in(language_);
  }

  std::string NameInWords(const AttributeId& id) const {
    const profile::Attribute* attribute = program_.dictionary().Find(id);
    if (attribute != nullptr) return attribute->name.in(language_);
    if (const graph::Service* service = ServiceBehind(id)) {
      return Format("reason.name.decision", {{"service", service->name.in(language_)}});
    }
    return Format("reason.name." + id.text());
  }

  // The service whose decision a rule names; null when it names something else.
  const graph::Service* ServiceBehind(const AttributeId& id) const {
    if (!id.text().starts_with(kDecisionPrefix)) return nullptr;
    return program_.catalogue().FindService(ServiceId(id.text().substr(kDecisionPrefix.size())));
  }

  // A relative is named by the role alone.
  std::string NameInWords(const Reading& reading) const {
    const std::string name = NameInWords(reading.attribute);
    switch (reading.kin) {
      case Kin::kNone: return name;
      case Kin::kChild: return Format("reason.kin.child", {{"name", name}});
      case Kin::kParent: return Format("reason.kin.parent", {{"name", name}});
      case Kin::kSpouse: return Format("reason.kin.spouse", {{"name", name}});
    }
    return name;
  }

  std::string ReadValueInWords(const Reading& reading) const {
    if (values_ == Values::kMasked) return std::string(kMask);
    if (ServiceBehind(reading.attribute) != nullptr) {
      std::string key = "reason.decision." + std::get<std::string>(reading.value);
      std::ranges::replace(key, ' ', '_');  // "not eligible"
      return Format(key);
    }
    const profile::Attribute* attribute = program_.dictionary().Find(reading.attribute);
    return attribute != nullptr
               ? AttributeInWords(reading.value, *attribute, messages_, language_)
               : ValueInWords(reading.value, profile::ValueType::kText, messages_, language_);
  }

  std::string ReadingInWords(const Reading& reading) const {
    Arguments arguments{{"name", NameInWords(reading)}, {"value", ReadValueInWords(reading)}};
    if (reading.registry.empty()) return Format("reason.fact", arguments);
    arguments.emplace("registry", RegistryInWords(reading.registry));
    if (reading.assumed_absent) return Format("reason.fact.absent", arguments);
    arguments.emplace("day", InWords(LocalDate(*reading.known_at, kRegistryZone)));
    return Format("reason.fact.reported", arguments);
  }

  std::string LawInWords(const UsedParameter& used) const {
    const graph::Parameter* parameter = program_.catalogue().FindParameter(used.parameter);
    return Format(
        "reason.law",
        {{"name", parameter->name.in(language_)},
         {"value", ParameterInWords(used.value->value, parameter->unit, messages_, language_)},
         {"day", InWords(used.value->in_force.from)}});
  }

  // What is missing and who can tell: the registry that holds it, or the person.
  std::string MissingInWords(const Missing& missing) const {
    if (!missing.parameter.empty()) {
      const graph::Parameter* parameter = program_.catalogue().FindParameter(missing.parameter);
      return Format("reason.missing.law", {{"name", parameter->name.in(language_)},
                                           {"day", InWords(decision_.as_of.valid_at)}});
    }
    std::string name = NameInWords(missing.attribute);
    const profile::Attribute* attribute = program_.dictionary().Find(missing.attribute);
    const bool relative = missing.citizen != decision_.applicant &&
                          missing.citizen != CitizenId() && attribute != nullptr &&
                          attribute->holder() == "person";
    if (relative) name = Format("reason.kin.relative", {{"name", name}});
    const bool askable = attribute != nullptr && attribute->askable;
    if (askable && !relative) return Format("reason.missing.askable", {{"name", name}});
    while (attribute != nullptr && !attribute->same_as.empty()) {
      attribute = program_.dictionary().Find(attribute->same_as);
    }
    if (attribute == nullptr || attribute->registry.empty()) {
      return name;
    }
    return Format("reason.missing.registry",
                  {{"name", name}, {"registry", RegistryInWords(attribute->registry)}});
  }

  const Decision& decision_;
  const Program& program_;
  const Messages& messages_;
  const Language language_;
  const Values values_;
  std::vector<Reason> reasons_;
};

}  // namespace

std::vector<Reason> Explain(const Decision& decision, const Program& program,
                            const Messages& messages, Language language, Values values) {
  return Writer(decision, program, messages, language, values).Write();
}

}  // namespace kstati::eligibility
