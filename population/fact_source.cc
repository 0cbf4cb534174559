// SPDX-License-Identifier: Apache-2.0
#include "population/fact_source.h"

#include <algorithm>

#include "population/fact_table.h"
#include "population/random.h"

namespace kstati::population {
namespace {

// What citizens declare themselves no registry reports: it is left to be asked for.
bool IsOnList(const profile::Attribute& attribute, const profile::FactValue& value, Date from) {
  if (attribute.type != profile::ValueType::kCode) return true;
  const std::string* code = std::get_if<std::string>(&value);
  return code != nullptr && attribute.WhyNotOn(*code, from).empty();
}

// Facts that everything else is worked out from, and the news of a death.
bool IsAlwaysKnown(const FactMaker& maker) {
  return maker.attribute == "person.birth_date" || maker.attribute == "person.sex" ||
         maker.since == Since::kDeath;
}

Date ValidFrom(const FactMaker& maker, const Person& person, Date settled) {
  switch (maker.since) {
    case Since::kBirth: return person.birth;
    case Since::kDeath: return person.death.value_or(person.birth);
    case Since::kWork: return std::max(person.birth, person.work_since);
    case Since::kSettled: break;
  }
  return std::max(person.birth, settled);
}

}  // namespace

FactSource::FactSource(const profile::Dictionary& dictionary, const graph::Catalogue& catalogue,
                       const FactSourceOptions& options)
    : dictionary_(dictionary), catalogue_(catalogue), options_(options) {
  const auto makers = FactMakers();
  for (const profile::Attribute& attribute : dictionary.attributes()) {
    if (!attribute.is_reported() || attribute.registry.text() == profile::kDeclared) continue;
    const auto found = std::find_if(makers.begin(), makers.end(), [&](const FactMaker& maker) {
      return maker.attribute == attribute.id.text();
    });
    if (found == makers.end()) continue;
    attributes_.push_back(&attribute);
    makers_.push_back(static_cast<size_t>(found - makers.begin()));
  }
}

std::vector<KnownFact> FactSource::FactsOf(const Population& population, const Person& person,
                                           Date on) const {
  const Setting setting{population, catalogue_, on};
  std::vector<KnownFact> facts;
  for (size_t i = 0; i < attributes_.size(); ++i) {
    const FactMaker& maker = FactMakers()[makers_[i]];
    if (!person.alive() && !maker.of_the_dead) continue;
    const uint64_t whose = Mix(options_.seed, person.id.number());
    const double luck = Fraction(Mix(whose, DigestOf(maker.attribute)));
    if (luck < options_.unknown_share && !IsAlwaysKnown(maker)) continue;
    auto value = maker.make(person, setting);
    if (!value || !profile::HasType(*value, attributes_[i]->type)) continue;
    const Date from = ValidFrom(maker, person, options_.settled);
    if (!IsOnList(*attributes_[i], *value, from)) continue;
    facts.push_back({attributes_[i], *std::move(value), from});
  }
  return facts;
}

}  // namespace kstati::population
