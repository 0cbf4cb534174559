// SPDX-License-Identifier: Apache-2.0
#include "graph/standard.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "graph/internal/reader.h"
#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

constexpr int64_t kMostBrought = 100;  // documents

class StandardReader {
 public:
  StandardReader(const Catalogue& catalogue, std::vector<Issue>& issues)
      : catalogue_(catalogue), reader_(issues) {}

  std::vector<ApprovedStandard> ReadFile(const std::string& path) {
    ReadListFile(reader_, path, "standards", [this](const yaml::Node& node) { Read(node); });
    return std::move(standards_);
  }

 private:
  void Read(const yaml::Node& node) {
    ApprovedStandard standard;
    standard.location = node.location();
    ReadWhat(node, standard);
    standard.in_force = ReadInterval(node);
    ReadFigures(node, standard);
    standard.source = ReadLegalSource(reader_, node);
    CheckSource(node, standard.source);
    node.RejectUnknownKeys();
    const bool twice = std::ranges::any_of(standards_, [&](const ApprovedStandard& other) {
      return other.of() == standard.of() && other.variant == standard.variant &&
             other.service.empty() == standard.service.empty() &&
             Overlap(other.in_force, standard.in_force);
    });
    if (twice) {
      node.Problem("two standards of \"" + standard.of() + "\" are in force at once",
                   "end the earlier one on the day before the later one begins");
    }
    standards_.push_back(std::move(standard));
  }

  void ReadWhat(const yaml::Node& node, ApprovedStandard& standard) const {
    const yaml::Node service = node.Get("service");
    const yaml::Node situation = node.Get("situation");
    if (static_cast<bool>(service) == static_cast<bool>(situation)) {
      node.Problem("a standard is of one service or of one situation",
                   "state `service` or `situation`");
    }
    standard.service = ServiceId(service.Text().value_or(std::string()));
    standard.situation = SituationId(situation.Text().value_or(std::string()));
    if (service && catalogue_.FindService(standard.service) == nullptr) {
      service.Problem("there is no service \"" + standard.service.text() + "\"",
                      "the folder services has a file for each");
    }
    if (situation && catalogue_.FindSituation(standard.situation) == nullptr) {
      situation.Problem("there is no situation \"" + standard.situation.text() + "\"",
                        "the folder situations has a file for each");
    }
    const yaml::Node variant = node.Get("variant");
    standard.variant = variant.Text().value_or(std::string());
    if (variant && !HasVariant(standard)) {
      variant.Problem("the service has no variant \"" + standard.variant + "\"",
                      "its regulations list their variants; without one the standard is for all");
    }
  }

  bool HasVariant(const ApprovedStandard& standard) const {
    const Service* service = catalogue_.FindService(standard.service);
    return service != nullptr && std::ranges::any_of(service->regulations, [&](const auto& one) {
             return std::ranges::find(one.variants, standard.variant, &Variant::id) !=
                    one.variants.end();
           });
  }

  void ReadFigures(const yaml::Node& node, ApprovedStandard& standard) const {
    const yaml::Node visits = node.Get("visits");
    if (visits) standard.visits = static_cast<int>(ReadCount(visits, kMostVisits));
    const yaml::Node documents = node.Get("documents");
    if (documents) standard.documents = static_cast<int>(ReadCount(documents, kMostBrought));
    const yaml::Node term = node.Get("term");
    if (term) {
      standard.term = ReadLength(term);
      term.RejectUnknownKeys();
      if (catalogue_.calendar().empty()) {
        term.Problem("terms cannot be compared without a calendar",
                     "the folder calendars has a file for each year");
      }
    }
    if (visits || documents || term) return;
    node.Problem("a standard without a figure", "state `visits`, `documents`, `term` or several");
  }

  void CheckSource(const yaml::Node& node, const LegalSource& source) const {
    if (!source.act.empty() && catalogue_.FindAct(source.act) == nullptr) {
      node.Get("act").Problem("there is no act \"" + source.act.text() + "\"",
                              "acts.yaml has the acts");
    }
    for (const yaml::Node& item : node.Get("sources").Items()) {
      const std::string id = item.Text().value_or(std::string());
      if (catalogue_.FindSource(id) != nullptr) continue;
      item.Problem("there is no source \"" + id + "\"", "sources.yaml lists them");
    }
  }

  const Catalogue& catalogue_;
  Reader reader_;
  std::vector<ApprovedStandard> standards_;
};

// That of a situation's own file.
ApprovedStandard OwnOf(const Situation& situation) {
  ApprovedStandard standard;
  standard.situation = situation.id;
  standard.in_force.from = Date::Of(1, 1, 1);
  standard.visits = situation.standard->visits;
  standard.documents = situation.standard->documents;
  standard.source = situation.standard->source;
  standard.location = situation.location;
  return standard;
}

// The day on which the terms end; an error where it is past the calendar.
Result<Date> EndOf(std::span<const Term> terms, Date start, const WorkingCalendar& calendar) {
  Date end = start;
  for (const Term& term : terms) {
    KSTATI_TRY(end, calendar.EndOfTerm(end, term));
  }
  return end;
}

}  // namespace

std::string ApprovedStandard::SourceText() const {
  const bool confirmed = source.verification == Verification::kConfirmed;
  return source.act.text() + ", " + source.article + (confirmed ? "" : ", not confirmed");
}

bool Overlap(const DateInterval& one, const DateInterval& other) {
  return (!one.to || other.from <= *one.to) && (!other.to || one.from <= *other.to);
}

std::vector<ApprovedStandard> LoadStandards(const std::string& folder, const Catalogue& catalogue,
                                            std::vector<Issue>& issues) {
  std::vector<ApprovedStandard> standards;
  const std::string path = folder + "/standards.yaml";
  if (std::filesystem::exists(path)) standards = StandardReader(catalogue, issues).ReadFile(path);
  for (const Situation& situation : catalogue.situations()) {
    if (situation.standard) standards.push_back(OwnOf(situation));
  }
  return standards;
}

std::optional<TermExcess> ExcessOf(std::span<const Term> terms, const Term& most,
                                   const WorkingCalendar& calendar) {
  if (terms.size() == 1 && terms.front().unit == most.unit) {
    return terms.front().value > most.value ? std::optional(TermExcess{}) : std::nullopt;
  }
  if (calendar.empty()) return std::nullopt;
  const Date last = Date::Of(calendar.last_year(), 12, 31);
  for (Date start = Date::Of(calendar.last_year() - 1, 1, 1); start <= last;
       start = start.AddDays(1)) {
    const Result<Date> allowed = calendar.EndOfTerm(start, most);
    if (!allowed || !calendar.IsWorkingDay(start)) continue;  // not loaded
    const Result<Date> end = EndOf(terms, start, calendar);
    if (!end || *end > *allowed) return TermExcess{start};  // past the calendar is later too
  }
  return std::nullopt;
}

}  // namespace kstati::graph
