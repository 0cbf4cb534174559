// SPDX-License-Identifier: Apache-2.0
#include "profile/household.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace kstati::profile {
namespace {

using View = std::shared_ptr<const FactView>;

// Reads each citizen once, however many relations name them.
class Reader {
 public:
  Reader(AsOf as_of, const LoadHistory& load) : as_of_(as_of), load_(load) {}

  Result<View> Read(CitizenId citizen) {
    if (const auto known = views_.find(citizen); known != views_.end()) return known->second;
    KSTATI_TRY(History history, Load(citizen));
    View view = std::make_shared<const FactView>(history, as_of_);
    histories_.push_back(std::move(history));
    views_.emplace(citizen, view);
    return view;
  }

  Result<std::vector<View>> ReadAll(const std::vector<CitizenId>& citizens) {
    std::vector<View> views;
    for (const CitizenId citizen : citizens) {
      KSTATI_TRY(View view, Read(citizen));
      views.push_back(std::move(view));
    }
    return views;
  }

  // Of an erased relative nothing is known.
  Result<History> Load(CitizenId citizen) {
    Result<History> history = load_(citizen);
    const bool is_relative = !views_.empty();
    if (history || history.error().code != ErrorCode::kNotFound || !is_relative) return history;
    History erased;
    erased.citizen = citizen;
    erased.erased = true;
    return erased;
  }

  const std::vector<History>& histories() const { return histories_; }
  std::vector<History> TakeHistories() { return std::move(histories_); }

 private:
  AsOf as_of_;
  const LoadHistory& load_;
  std::map<CitizenId, View> views_;
  std::vector<History> histories_;
};

// What the other one is, where the citizen is named first or second.
MemberRole RoleOfOther(RelationKind kind, bool citizen_first) {
  switch (kind) {
    case RelationKind::kParent: return citizen_first ? MemberRole::kChild : MemberRole::kParent;
    case RelationKind::kGuardian: return citizen_first ? MemberRole::kWard : MemberRole::kGuardian;
    case RelationKind::kSpouse: return MemberRole::kSpouse;
    case RelationKind::kHousehold: break;
  }
  return MemberRole::kHousehold;
}

bool HasProfile(const History& history) {
  return history.version > 0 || !history.facts.empty() || !history.relations.empty();
}

}  // namespace

std::string_view NameOf(MemberRole role) {
  static constexpr std::array<std::string_view, 6> kNames{"guardian", "parent", "spouse",
                                                          "child",    "ward",   "household"};
  return kNames[static_cast<size_t>(role)];
}

std::vector<Member> MembersOf(const FactView& view) {
  std::vector<Member> members;
  for (const Relation& relation : view.relations()) {
    const bool first = relation.from == view.citizen();
    members.push_back(
        {first ? relation.to : relation.from, RoleOfOther(relation.kind, first), &relation});
  }
  std::ranges::sort(members, {},
                    [](const Member& each) { return std::tie(each.role, each.citizen); });
  return members;
}

std::shared_ptr<const FactView> Household::Find(CitizenId citizen) const {
  if (person && person->citizen() == citizen) return person;
  for (const auto* members : {&children, &parents, &spouses, &wards}) {
    for (const auto& member : *members) {
      if (member->citizen() == citizen) return member;
    }
  }
  return nullptr;
}

Result<Household> LoadHousehold(CitizenId citizen, AsOf as_of, const LoadHistory& load) {
  Reader reader(as_of, load);
  Household household;
  KSTATI_TRY(household.person, reader.Read(citizen));
  if (!HasProfile(reader.histories().front())) {
    return Fail(ErrorCode::kNotFound, "the citizen has no profile", {},
                "a profile appears with the first event that a registry reports about the citizen");
  }
  const FactView& person = *household.person;
  KSTATI_TRY(household.children, reader.ReadAll(person.ToWhom(RelationKind::kParent)));
  KSTATI_TRY(household.parents, reader.ReadAll(person.WhoAre(RelationKind::kParent)));
  KSTATI_TRY(household.spouses, reader.ReadAll(person.ToWhom(RelationKind::kSpouse)));
  KSTATI_TRY(household.wards, reader.ReadAll(person.ToWhom(RelationKind::kGuardian)));
  household.histories = reader.TakeHistories();
  return household;
}

Result<Household> LoadHouseholdNow(CitizenId citizen, AsOf now, const LoadHistory& load) {
  for (;;) {
    KSTATI_TRY(Household household, LoadHousehold(citizen, now, load));
    Instant latest = now.known_at;
    for (const History& history : household.histories) {
      latest = std::max(latest, history.last_known_at);
    }
    if (latest == now.known_at) return household;
    now.known_at = latest;
  }
}

}  // namespace kstati::profile
