// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "profile/fact.h"

namespace kstati::profile {

// A citizen with the people that relations name, as of one pair of instants: what decisions about
// the citizen may look at. Value type; nothing in it changes.
struct Household {
  std::shared_ptr<const FactView> person;
  std::vector<std::shared_ptr<const FactView>>
      children;  // of `person`, by number; grown-up ones too
  std::vector<std::shared_ptr<const FactView>> parents;
  std::vector<std::shared_ptr<const FactView>> spouses;
  std::vector<std::shared_ptr<const FactView>> wards;  // whose guardian `person` is
  std::vector<History> histories;                      // everything read, for Transaction::DependOn

  // The member with this number, among person, children, parents, spouses and wards; null when
  // absent.
  std::shared_ptr<const FactView> Find(CitizenId citizen) const;
};

// What somebody is to a citizen.
enum class MemberRole { kGuardian, kParent, kSpouse, kChild, kWard, kHousehold };
std::string_view NameOf(MemberRole role);

struct Member {
  CitizenId citizen;
  MemberRole role = MemberRole::kHousehold;
  const Relation* relation = nullptr;  // of the view
};

// Whom relations join to the view's citizen; by role, then by number. Needs no history but the
// citizen's own.
std::vector<Member> MembersOf(const FactView& view);

// Where histories come from: the store, or histories that a change not yet committed has altered.
using LoadHistory = std::function<Result<History>(CitizenId)>;

// kNotFound when the citizen has no profile.
Result<Household> LoadHousehold(CitizenId citizen, AsOf as_of, const LoadHistory& load);
// As of `now` with everything that is recorded: where the clock jumped back, facts were recorded at
// a later moment than it says, and the household is as of that moment. Errors as above.
Result<Household> LoadHouseholdNow(CitizenId citizen, AsOf now, const LoadHistory& load);

}  // namespace kstati::profile
