// SPDX-License-Identifier: Apache-2.0
#include "recommender/inference/signals.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <set>

#include "base/check.h"
#include "recommender/life_event.h"

namespace kstati::recommender::inference {
namespace {

using profile::Fact;
using profile::FactValue;
using profile::FactView;

constexpr double kDaysOfYear = 365.25;
constexpr std::array kAgeKnots{18.0, 22.0, 26.0, 30.0, 36.0, 45.0, 58.0};  // splines of degree one
constexpr std::array kFreshDays{30, 75, 150};  // the bands of a signal's age
constexpr double kChildYearsMax = 10;
constexpr int64_t kExplainedDays = 120;  // after what a registry told of the kind

// Attributes that every kind reads.
constexpr std::array<std::string_view, 7> kState{
    "person.birth_date",       "person.sex",      "person.alive",
    "person.married",          "person.employed", "person.owner_of_housing",
    "person.full_time_student"};

constexpr std::array<std::string_view, 6> kMovedSignals{
    "doc.clinic_attachment", "doc.stay_registration", "doc.egrn_right",
    "doc.utility_bills",     "doc.bank_details",      "doc.family_composition"};
constexpr std::array<std::string_view, 4> kExpectingSignals{
    "doc.clinic_attachment", "doc.eln", "doc.family_composition", "doc.income_data"};
constexpr std::array<std::string_view, 5> kStoppedSignals{
    "doc.etk", "doc.ils_statement", "doc.job_seeker_record", "doc.income_data",
    "doc.training_referral"};
constexpr std::array<std::string_view, 4> kLeftSignals{
    "doc.clinic_attachment", "doc.stay_registration", "doc.utility_bills", "doc.bank_details"};
constexpr std::array<std::string_view, 4> kMarriedSignals{
    "doc.marriage_application", "doc.photo", "doc.family_composition", "doc.bank_details"};

// What a registry that knows of the event changes.
constexpr std::array<std::string_view, 2> kResidence{"doc.residence_registration",
                                                     "person.region_code"};
constexpr std::array<std::string_view, 1> kPregnancy{"person.pregnancy_weeks"};
constexpr std::array<std::string_view, 1> kWork{"person.employed"};
constexpr std::array<std::string_view, 1> kMarriage{"person.married"};

std::span<const std::string_view> KnownBy(EventKind kind) {
  switch (kind) {
    case EventKind::kMoved:
    case EventKind::kLeftHome: return kResidence;
    case EventKind::kExpectingChild: return kPregnancy;
    case EventKind::kStoppedWorking: return kWork;
    case EventKind::kMarried: return kMarriage;
  }
  return {};
}

const Fact* Find(const FactView& person, std::string_view attribute) {
  return person.Find(AttributeId(std::string(attribute)));
}

std::optional<bool> YesOrNo(const FactView& person, std::string_view attribute) {
  const Fact* fact = Find(person, attribute);
  const bool* value = fact == nullptr ? nullptr : std::get_if<bool>(&fact->value);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

bool IsFemale(const FactView& person) {
  const Fact* sex = Find(person, "person.sex");
  return sex != nullptr && sex->value == FactValue(std::string("female"));
}

std::optional<double> YearsSinceBirth(const FactView& person, Date on) {
  const Fact* fact = Find(person, "person.birth_date");
  const Date* birth = fact == nullptr ? nullptr : std::get_if<Date>(&fact->value);
  if (birth == nullptr) return std::nullopt;
  return static_cast<double>(on.days - birth->days) / kDaysOfYear;
}

// The day from which holds what a registry told last of the kind.
std::optional<Date> LastKnown(EventKind kind, const FactView& person) {
  std::optional<Date> last;
  for (const std::string_view attribute : KnownBy(kind)) {
    const Fact* fact = Find(person, attribute);
    if (fact != nullptr && (!last || fact->valid.from > *last)) last = fact->valid.from;
  }
  return last;
}

bool HasLeftHome(const FactView& person, Date on, double age) {
  const std::optional<Date> settled = LastKnown(EventKind::kLeftHome, person);
  if (!settled) return true;  // where the person lives is not known
  const double years_there = static_cast<double>(on.days - settled->days) / kDaysOfYear;
  return age - years_there > 17;
}

struct Children {
  double count = 0;
  double years_since_youngest = kChildYearsMax;
};

// By the person's own relations: from when each holds, not by the children's profiles.
Children ChildrenOf(const FactView& person, Date on) {
  Children children;
  for (const profile::Relation& relation : person.relations()) {
    if (relation.kind != profile::RelationKind::kParent || relation.from != person.citizen()) {
      continue;
    }
    children.count += 1;
    const double years = static_cast<double>(on.days - relation.valid.from.days) / kDaysOfYear;
    children.years_since_youngest = std::min(children.years_since_youngest, years);
  }
  return children;
}

// Days since the signal appeared, unless what a registry told explains it.
std::optional<int64_t> SignalDays(const FactView& person, std::string_view attribute, Date on,
                                  std::optional<Date> known) {
  if (YesOrNo(person, attribute) != true) return std::nullopt;
  const Date since = Find(person, attribute)->valid.from;
  if (known && since <= known->AddDays(kExplainedDays)) return std::nullopt;
  return on.days - since.days;
}

void AddSignals(EventKind kind, const FactView& person, Date on, std::vector<double>& row) {
  const std::optional<Date> known = LastKnown(kind, person);
  double fresh = 0;
  for (const std::string_view attribute : SignalsOf(kind)) {
    const std::optional<int64_t> days = SignalDays(person, attribute, on, known);
    int64_t least = -1;
    for (const int64_t most : kFreshDays) {
      const bool in_band = days && *days > least && *days <= most;
      row.push_back(in_band ? 1 : 0);
      if (in_band) fresh += 1;
      least = most;
    }
  }
  row.push_back(fresh >= 2 ? 1 : 0);
  row.push_back(fresh >= 3 ? 1 : 0);
}

}  // namespace

std::string_view NameOf(EventKind kind) {
  switch (kind) {
    case EventKind::kMoved: return "moved";
    case EventKind::kExpectingChild: return "expecting_child";
    case EventKind::kStoppedWorking: return "stopped_working";
    case EventKind::kLeftHome: return "left_home";
    case EventKind::kMarried: return "married";
  }
  return "";
}

SituationId SituationOf(EventKind kind) {
  switch (kind) {
    case EventKind::kMoved:
    case EventKind::kLeftHome: return SituationId("moving");
    case EventKind::kExpectingChild: return SituationId("child_birth");
    case EventKind::kStoppedWorking: return SituationId("job_loss");
    case EventKind::kMarried: return SituationId("marriage");
  }
  return {};
}

std::string_view NameOf(Zone zone) { return zone == Zone::kQuestion ? "question" : "silent"; }

std::span<const std::string_view> SignalsOf(EventKind kind) {
  switch (kind) {
    case EventKind::kMoved: return kMovedSignals;
    case EventKind::kExpectingChild: return kExpectingSignals;
    case EventKind::kStoppedWorking: return kStoppedSignals;
    case EventKind::kLeftHome: return kLeftSignals;
    case EventKind::kMarried: return kMarriedSignals;
  }
  return {};
}

std::vector<std::string> ColumnsOf(EventKind kind) {
  std::vector<std::string> columns;
  for (const double knot : kAgeKnots) {
    columns.push_back("age over " + std::to_string(static_cast<int>(knot)));
  }
  for (const char* column : {"female", "female, age over 26", "female, age over 36", "married",
                             "employed", "owner", "student", "children", "years since youngest"}) {
    columns.emplace_back(column);
  }
  for (const std::string_view signal : SignalsOf(kind)) {
    for (const int days : kFreshDays) {
      columns.push_back(std::string(signal) + " up to " + std::to_string(days) + " days");
    }
  }
  columns.emplace_back("two signals");
  columns.emplace_back("three signals");
  return columns;
}

bool IsAtRisk(EventKind kind, const FactView& person, Date on) {
  const std::optional<double> age = YearsSinceBirth(person, on);
  if (!age || *age < 18 || person.erased() || IsKnownDead(person)) return false;
  switch (kind) {
    case EventKind::kMoved: return HasLeftHome(person, on, *age);
    case EventKind::kLeftHome: return *age < 31 && !HasLeftHome(person, on, *age);
    case EventKind::kExpectingChild:
      return IsFemale(person) && *age < 45 && Find(person, "person.pregnancy_weeks") == nullptr;
    case EventKind::kStoppedWorking: return YesOrNo(person, "person.employed") == true;
    case EventKind::kMarried: return YesOrNo(person, "person.married") == false;
  }
  return false;
}

std::vector<double> RowOf(EventKind kind, const FactView& person, Date on) {
  const std::optional<double> age = YearsSinceBirth(person, on);
  KSTATI_CHECK(age);
  std::vector<double> row;
  for (const double knot : kAgeKnots) row.push_back(std::max(0.0, *age - knot) / 10);
  const double female = IsFemale(person) ? 1 : 0;
  row.push_back(female);
  row.push_back(female * std::max(0.0, *age - 26) / 10);
  row.push_back(female * std::max(0.0, *age - 36) / 10);
  for (const std::string_view attribute : {"person.married", "person.employed",
                                           "person.owner_of_housing", "person.full_time_student"}) {
    row.push_back(YesOrNo(person, attribute) == true ? 1 : 0);
  }
  const Children children = ChildrenOf(person, on);
  row.push_back(std::min(children.count, 4.0));
  row.push_back(children.years_since_youngest);
  AddSignals(kind, person, on, row);
  return row;
}

std::set<profile::CategoryId> CategoriesOf(EventKind kind, const profile::Dictionary& dictionary) {
  std::set<profile::CategoryId> categories;
  const auto add = [&](std::span<const std::string_view> attributes) {
    for (const std::string_view name : attributes) {
      const profile::Attribute* attribute = dictionary.Find(AttributeId(std::string(name)));
      if (attribute != nullptr && !attribute->category.empty()) {
        categories.insert(profile::CategoryId(attribute->category));
      }
    }
  };
  add(kState);
  add(KnownBy(kind));
  add(SignalsOf(kind));
  return categories;
}

}  // namespace kstati::recommender::inference
