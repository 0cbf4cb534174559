// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/issue.h"
#include "graph/service.h"

namespace kstati::graph {

// What a law lets the state do with people's data without their consent. It is shown beside
// consents and never counts as one: nobody gave it, so nobody can withdraw it.
struct LegalBasis {
  std::string id;
  Bilingual purpose;                    // what for
  std::vector<std::string> categories;  // of data, by the dictionary's names; empty: any
  std::vector<std::string> recipients;  // authorities; empty: whoever provides the service
  LegalSource source;
  Location location;
};

// Who answers for what is done with the data: what a receipt of a consent names.
struct Controller {
  std::string authority;
  Bilingual address;
  std::string contact;
  std::string jurisdiction;  // a country by ISO 3166-1, "RU"
  Bilingual storage;         // where data are kept
  Bilingual retention;       // for how long
  Bilingual withdrawal;      // how a consent is withdrawn
  std::string notice;        // where the privacy notice stands
  Verification verification = Verification::kFromKnowledge;
};

}  // namespace kstati::graph
