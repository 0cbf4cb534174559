// SPDX-License-Identifier: Apache-2.0
#include "eligibility/passport.h"

#include <algorithm>
#include <map>
#include <utility>

#include "eligibility/internal/value_words.h"
#include "graph/fee.h"
#include "graph/scenario.h"

namespace kstati::eligibility {
namespace {

using Arguments = std::map<std::string, Messages::Argument>;

// Where the passport's person stands with one input.
enum class Supply { kRecorded, kAskedFor, kBrought };

class PassportWriter {
 public:
  PassportWriter(const Decision& decision, const Program& program, const Messages& messages,
                 Language language, Values values, const graph::Course* course)
      : decision_(decision),
        regulation_(*decision.regulation),
        program_(program),
        messages_(messages),
        language_(language),
        values_(values),
        course_(course) {}

  Passport Write() {
    passport_.service = decision_.service;
    passport_.name = decision_.described->name.in(language_);
    passport_.valid_at = decision_.as_of.valid_at;
    passport_.regulation_from = decision_.in_force->in_force.from;
    passport_.region = decision_.in_force->region;
    if (decision_.variant != nullptr) passport_.variant = decision_.variant->id;
    WriteCategory();
    WriteDocuments();
    WriteTerm();
    WriteCost();
    WriteAmount();
    WriteChannels();
    WriteProcedures();
    WriteCriteria();
    WriteConditions();
    WriteGrounds();
    WriteZeros();
    return std::move(passport_);
  }

 private:
  std::string Format(std::string_view key, const Arguments& arguments = {}) const {
    return messages_.Format(language_, key, arguments);
  }

  void Begin(const std::string& key) {
    passport_.sections.push_back({key, Format("passport." + key), {}});
  }

  void Add(std::string key, std::string text, const graph::LegalSource* source = nullptr) {
    passport_.sections.back().entries.push_back({std::move(key), std::move(text), source});
  }

  std::string NameOfAttribute(const AttributeId& id) const {
    const profile::Attribute* attribute = program_.dictionary().Find(id);
    return attribute == nullptr ? id.text() : attribute->name.in(language_);
  }

  void WriteCategory() {
    if (decision_.in_force->variants.empty()) return;
    Begin("category");
    for (const graph::Variant& variant : decision_.in_force->variants) {
      const bool possible = decision_.variant == &variant ||
                            (decision_.variant == nullptr && TruthOf(variant) != Truth::kFails);
      if (possible) Add(variant.id, variant.name.in(language_), &variant.category.source);
    }
    if (decision_.variant == nullptr) Add("open", Format("passport.category.open"));
  }

  Truth TruthOf(const graph::Variant& variant) const {
    const auto found =
        std::ranges::find(decision_.categories, &variant.category, &CriterionOutcome::criterion);
    return found == decision_.categories.end() ? Truth::kUnknown : found->truth;
  }

  Supply SupplyOf(const AttributeId& id) const {
    if (std::ranges::find(decision_.recorded, id) != decision_.recorded.end()) {
      return Supply::kRecorded;
    }
    const profile::Attribute* attribute = program_.dictionary().Find(id);
    return attribute != nullptr && attribute->askable ? Supply::kBrought : Supply::kAskedFor;
  }

  // Of alternatives the one that asks least of the person.
  Supply SupplyOf(const graph::Input& input) const {
    Supply best = Supply::kBrought;
    for (const AttributeId& id : input.any_of) best = std::min(best, SupplyOf(id));
    return best;
  }

  std::string NameOfInput(const graph::Input& input) const {
    std::string names;
    for (const AttributeId& id : input.any_of) {
      names += (names.empty() ? "" : Format("passport.or")) + NameOfAttribute(id);
    }
    return names;
  }

  void WriteDocuments() {
    Begin("documents");
    for (const graph::Input& input : regulation_.inputs) {
      std::string_view key = "passport.document.asked_for";
      const Supply supply = SupplyOf(input);
      if (supply == Supply::kRecorded) key = "passport.document.recorded";
      if (supply == Supply::kBrought) key = "passport.document.brought";
      // Whether a document is on record is a fact about the person.
      if (values_ == Values::kMasked && supply != Supply::kBrought) key = "passport.document";
      std::string id;
      for (const AttributeId& one : input.any_of) id += (id.empty() ? "" : "|") + one.text();
      Add(std::move(id), Format(key, {{"document", NameOfInput(input)}}));
    }
    if (regulation_.inputs.empty()) Add("none", Format("passport.documents.none"));
  }

  std::string InWords(const Term& term) const {
    return Format("passport.term." + std::string(NameOf(term.unit)), {{"count", term.value}});
  }

  void WriteTerm() {
    Begin("term");
    const std::string_view from = regulation_.term_from == graph::TermStart::kFacts
                                      ? "passport.term.from_facts"
                                      : "passport.term.from_request";
    Add("term", Format(from, {{"term", InWords(decision_.term())}}));
    for (const auto& [latency, term] : regulation_.term_by_latency) {
      Add(std::string(NameOf(latency)),
          Format("passport.term.when." + std::string(NameOf(latency)), {{"term", InWords(term)}}));
    }
    if (!regulation_.term_by_latency.empty()) {
      Add("longest", Format("passport.term.longest", {{"term", InWords(regulation_.term)}}));
    }
    if (regulation_.apply_within) {
      const Period& period = regulation_.apply_within->period;
      const Term term = period.months != 0 ? Term{period.months, TermUnit::kMonths}
                                           : Term{period.days, TermUnit::kCalendarDays};
      Add("apply_within", Format("passport.term.apply_within", {{"term", InWords(term)}}),
          &regulation_.apply_within->source);
    }
  }

  std::string Money(const Decimal& amount) const {
    return ValueInWords(profile::FactValue(amount), profile::ValueType::kMoney, messages_,
                        language_);
  }

  void WriteCost() {
    Begin("cost");
    if (regulation_.fee.text) return Add("words", regulation_.fee.text->in(language_));
    std::vector<std::string> channels = regulation_.channels;
    if (channels.empty()) channels.emplace_back();
    std::optional<Decimal> same;
    bool differ = false;
    std::vector<std::pair<std::string, graph::FeeDue>> dues;
    for (const std::string& channel : channels) {
      const auto due = graph::FeeOn(regulation_.fee, program_.catalogue(), decision_.as_of.valid_at,
                                    decision_.region, channel);
      if (!due) return Add("unknown", Format("passport.cost.unknown"));
      differ |= same && *same != due->due;
      same = due->due;
      dues.emplace_back(channel, *due);
    }
    if (!differ) return Add("fee", CostInWords(dues.front().second));
    for (const auto& [channel, due] : dues) {
      Add("fee." + channel, Format("passport.cost.channel",
                                   {{"channel", ChannelName(channel)}, {"fee", CostInWords(due)}}));
    }
  }

  std::string CostInWords(const graph::FeeDue& due) const {
    if (due.due == Decimal(0)) return Format("passport.cost.free");
    if (due.due == due.full) return Money(due.due);
    return Format("passport.cost.reduced", {{"due", Money(due.due)}, {"full", Money(due.full)}});
  }

  void WriteAmount() {
    if (!regulation_.benefit) return;
    const graph::Benefit& benefit = *regulation_.benefit;
    Begin("amount");
    if (decision_.amount) {
      const bool masked = values_ == Values::kMasked;
      Add("own", Format("reason.amount." + std::string(graph::NameOf(benefit.period)),
                        {{"amount", masked ? std::string(kMask) : Money(*decision_.amount)}}));
    }
    for (const ParameterId& id : benefit.parameters) WriteParameter(id);
    if (benefit.text) Add("words", benefit.text->in(language_));
  }

  void WriteParameter(const ParameterId& id) {
    const graph::Parameter* parameter = program_.catalogue().FindParameter(id);
    if (parameter == nullptr) return;
    const graph::ParameterValue* value =
        parameter->dimensions.empty() ? parameter->On(decision_.as_of.valid_at, decision_.region)
                                      : nullptr;
    const std::string name = parameter->name.in(language_);
    if (value == nullptr) return Add(id.text(), name);
    Add(id.text(),
        name + ": " + ParameterInWords(value->value, parameter->unit, messages_, language_));
  }

  std::string ChannelName(const std::string& channel) const {
    const std::string key = "passport.channel." + channel;
    return messages_.Has(language_, key) ? Format(key) : channel;
  }

  void WriteChannels() {
    Begin("channels");
    for (const std::string& channel : regulation_.channels) Add(channel, ChannelName(channel));
    if (regulation_.scenarios.empty()) {
      return Add("visits", Format("passport.visits", {{"count", int64_t{regulation_.visits}}}));
    }
    for (const graph::Scenario& scenario : regulation_.scenarios) WriteScenario(scenario);
  }

  void WriteScenario(const graph::Scenario& scenario) {
    const graph::PersonalScenario own{&scenario, {}, scenario.visits};
    const std::string kind(graph::NameOf(scenario.kind));
    std::string channels;
    for (const std::string& channel : graph::AppliesThrough(regulation_, own)) {
      channels += (channels.empty() ? "" : ", ") + ChannelName(channel);
    }
    Add("scenario." + kind,
        Format("passport.scenario",
               {{"scenario", Format("chain.scenario." + kind)},
                {"channels", channels},
                {"visits", Format("passport.visits", {{"count", int64_t{scenario.visits}}})},
                {"term", InWords(graph::TermOf(regulation_, own, decision_.slowest))},
                {"fee", FeeInWords(graph::FeeOf(regulation_, own), own)}}));
  }

  // The lowest through the channels of the scenario.
  std::string FeeInWords(const graph::Fee& fee, const graph::PersonalScenario& own) const {
    if (fee.text) return fee.text->in(language_);
    std::vector<std::string> channels = graph::AppliesThrough(regulation_, own);
    if (channels.empty()) channels.emplace_back();
    std::optional<graph::FeeDue> lowest;
    for (const std::string& channel : channels) {
      const auto due = graph::FeeOn(fee, program_.catalogue(), decision_.as_of.valid_at,
                                    decision_.region, channel);
      if (due && (!lowest || due->due < lowest->due)) lowest = due;
    }
    return lowest ? CostInWords(*lowest) : Format("passport.cost.unknown");
  }

  // The procedures of the course, each with what it starts by and how long it may take.
  void WriteCourse() {
    const bool acts = regulation_.mode == graph::Mode::kProactiveAct;
    for (const graph::Procedure& procedure : course_->procedures) {
      const bool other_way = procedure.kind == (acts ? graph::ProcedureKind::kAcceptance
                                                     : graph::ProcedureKind::kProactiveStart);
      if (other_way) continue;
      const std::string kind(NameOf(procedure.kind));
      const std::string starts(NameOf(procedure.starts));
      const bool official = procedure.by == graph::Performer::kOfficial;
      Add(kind, Format(official ? "passport.procedure.norm.official" : "passport.procedure.norm",
                       {{"procedure", Format("passport.procedure." + kind)},
                        {"starts", Format("passport.procedure.starts." + starts)},
                        {"term", InWords(procedure.norm)}}));
    }
  }

  // The procedures this application runs through, of the ten kinds.
  void WriteProcedures() {
    Begin("procedures");
    if (course_ != nullptr) return WriteCourse();
    const auto add = [&](const std::string& kind) {
      Add(kind, Format("passport.procedure." + kind));
    };
    const bool acts = regulation_.mode == graph::Mode::kProactiveAct ||
                      regulation_.mode == graph::Mode::kProactivePrepare;
    if (!decision_.in_force->variants.empty() || !decision_.missing.empty()) add("profiling");
    add(acts ? "proactive_start" : "acceptance");
    if (decision_.slowest != Latency::kAtHand || AnyAskedFor()) add("exchange");
    if (!regulation_.conditions.empty()) add("assessment");
    add("decision");
    add("result");
  }

  bool AnyAskedFor() const {
    return std::ranges::any_of(regulation_.inputs, [&](const graph::Input& input) {
      return SupplyOf(input) == Supply::kAskedFor;
    });
  }

  void WriteCriteria() {
    Begin("criteria");
    for (const CriterionOutcome& outcome : decision_.criteria) {
      std::string_view key = "passport.criterion.unknown";
      if (outcome.truth == Truth::kHolds) key = "passport.criterion.holds";
      if (outcome.truth == Truth::kFails) key = "passport.criterion.fails";
      Add(outcome.criterion->id,
          Format(key, {{"criterion", outcome.criterion->text.in(language_)}}),
          &outcome.criterion->source);
    }
  }

  void WriteConditions() {
    if (regulation_.conditions.empty()) return;
    Begin("conditions");
    for (const graph::Condition& condition : regulation_.conditions) {
      Add(condition.id, condition.text.in(language_),
          condition.source ? &*condition.source : nullptr);
    }
  }

  void WriteGrounds() {
    Begin("grounds");
    for (const auto* list : {&regulation_.grounds, &regulation_.authority_grounds}) {
      for (const GroundId& id : *list) {
        const graph::RefusalGround* ground = program_.catalogue().FindGround(id);
        const std::string text = ground == nullptr ? id.text() : ground->text.in(language_);
        const bool of_authority = list == &regulation_.authority_grounds;
        Add(id.text(),
            of_authority ? Format("passport.ground.authority", {{"ground", text}}) : text);
      }
    }
  }

  // What blocks zero input, zero waiting and zero paper; "none" where nothing does.
  void WriteZeros() {
    Begin("zeros");
    std::vector<std::string> input;
    std::vector<std::string> paper;
    for (const Missing& missing : decision_.missing) {
      const profile::Attribute* attribute = program_.dictionary().Find(missing.attribute);
      if (attribute != nullptr && attribute->askable)
        input.push_back(attribute->name.in(language_));
    }
    for (const graph::Input& one : regulation_.inputs) {
      if (SupplyOf(one) == Supply::kBrought) paper.push_back(NameOfInput(one));
    }
    if (regulation_.visits > 0) {
      paper.push_back(Format("passport.visits", {{"count", int64_t{regulation_.visits}}}));
    }
    std::vector<std::string> waiting;
    if (decision_.term().value > 0 && decision_.term().unit != TermUnit::kMinutes) {
      waiting.push_back(InWords(decision_.term()));
    }
    AddZero("input", input);
    AddZero("waiting", waiting);
    AddZero("paper", paper);
  }

  void AddZero(const std::string& what, const std::vector<std::string>& blockers) {
    std::string list;
    for (const std::string& one : blockers) list += (list.empty() ? "" : "; ") + one;
    Add(what, blockers.empty() ? Format("passport.zero." + what)
                               : Format("passport.blocked." + what, {{"list", list}}));
  }

  const Decision& decision_;
  const graph::Regulation& regulation_;
  const Program& program_;
  const Messages& messages_;
  const Language language_;
  const Values values_;
  const graph::Course* course_;  // null: the catalogue has none
  Passport passport_;
};

const PassportEntry* Find(const Passport& passport, const std::string& section,
                          const std::string& key) {
  for (const PassportSection& one : passport.sections) {
    if (one.key != section) continue;
    const auto found = std::ranges::find(one.entries, key, &PassportEntry::key);
    if (found != one.entries.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

Result<Passport> WritePassport(const Decision& decision, const Program& program,
                               const Messages& messages, Language language, Values values,
                               const graph::Course* course) {
  if (decision.regulation == nullptr) {
    return Fail(ErrorCode::kNotFound,
                "on " + decision.as_of.valid_at.ToString() + " no regulation of " +
                    decision.service.text() + " is in force",
                {}, "name a day on which it is");
  }
  return PassportWriter(decision, program, messages, language, values, course).Write();
}

std::vector<PassportChange> Compare(const Passport& before, const Passport& after) {
  std::vector<PassportChange> changes;
  for (const PassportSection& section : after.sections) {
    for (const PassportEntry& entry : section.entries) {
      const PassportEntry* old = Find(before, section.key, entry.key);
      if (old != nullptr && old->text == entry.text) continue;
      changes.push_back({section.title, old == nullptr ? std::string() : old->text, entry.text});
    }
  }
  for (const PassportSection& section : before.sections) {
    for (const PassportEntry& entry : section.entries) {
      if (Find(after, section.key, entry.key) != nullptr) continue;
      changes.push_back({section.title, entry.text, {}});
    }
  }
  return changes;
}

}  // namespace kstati::eligibility
