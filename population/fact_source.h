// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "population/population.h"
#include "profile/dictionary.h"
#include "profile/registry_event.h"

namespace kstati::population {

// A fact that the registry of its attribute knows of a person.
struct KnownFact {
  const profile::Attribute* attribute = nullptr;  // into the dictionary
  profile::FactValue value;
  Date from;

  profile::ReportedFact About(CitizenId citizen) const {
    return {citizen, attribute->id, value, {from, std::nullopt}};
  }
};

struct FactSourceOptions {
  uint64_t seed = 1;
  double unknown_share =
      0.03;      // of facts that no registry happens to know, chosen by person and attribute
  Date settled;  // facts without a day of their own are valid from then, or from birth
};

// Says what registries know of the people of a population, in the words of a dictionary: attributes
// that the dictionary does not have, derives or types otherwise are left out, so a catalogue may
// change freely. Birth date and sex are always known. Immutable; safe from any thread.
class FactSource {
 public:
  // Both outlive the source.
  FactSource(const profile::Dictionary& dictionary, const graph::Catalogue& catalogue,
             const FactSourceOptions& options);

  // Everything known of the person on the day, in the order of the dictionary.
  std::vector<KnownFact> FactsOf(const Population& population, const Person& person, Date on) const;

  const profile::Dictionary& dictionary() const { return dictionary_; }
  const graph::Catalogue& catalogue() const { return catalogue_; }
  uint64_t seed() const { return options_.seed; }

 private:
  const profile::Dictionary& dictionary_;
  const graph::Catalogue& catalogue_;
  FactSourceOptions options_;
  // Parallel: reported attributes that the generator can fill, and where its table says how.
  std::vector<const profile::Attribute*> attributes_;
  std::vector<size_t> makers_;
};

}  // namespace kstati::population
