// SPDX-License-Identifier: Apache-2.0
#include "population/population.h"

#include <algorithm>

#include "base/check.h"

namespace kstati::population {

const Person& Population::at(CitizenId id) const {
  KSTATI_CHECK(id.number() >= 1 && id.number() <= people_.size());
  return people_[id.number() - 1];
}

Person& Population::at(CitizenId id) {
  return const_cast<Person&>(static_cast<const Population&>(*this).at(id));
}

std::vector<CitizenId> Population::ChildrenOf(CitizenId parent) const {
  std::vector<CitizenId> living;
  for (const CitizenId child : children_[parent.number() - 1]) {
    if (at(child).alive()) living.push_back(child);
  }
  return living;
}

Person& Population::Add(size_t home) {
  Person& person = people_.emplace_back();
  children_.emplace_back();
  person.id = CitizenId(people_.size());
  person.home = home;
  person.region = homes_[home].region;
  homes_[home].members.push_back(person.id);
  return person;
}

size_t Population::AddHome(Home home) {
  homes_.push_back(std::move(home));
  return homes_.size() - 1;
}

void Population::MoveTo(Person& person, size_t home) {
  auto& left = homes_[person.home].members;
  left.erase(std::remove(left.begin(), left.end(), person.id), left.end());
  person.home = home;
  person.region = homes_[home].region;
  homes_[home].members.push_back(person.id);
}

void Population::LinkChild(const Person& child) {
  for (const CitizenId parent : {child.mother, child.father}) {
    if (parent.number() != 0) children_[parent.number() - 1].push_back(child.id);
  }
}

}  // namespace kstati::population
