// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "eligibility/certificate_verifier/verification.h"

namespace kstati::certificate_verifier {

inline constexpr const char* kUndetermined = "undetermined";

// What a service's decision comes to.
struct Outcome {
  std::string verdict;
  std::vector<eligibility::feel::InputId> missing;  // only when undetermined
  Basis basis;
};

// Decides one service anew from the cells of its certificate. Where categories of applicants
// differ, the only one that the applicant is in decides; while that is open, the service is refused
// only on grounds that all of those that are possible share. Nobody is refused whose region's law
// is not known.
class DecisionVerification {
 public:
  // `law` is what decides the service, null when nothing is in force; `form` says how.
  DecisionVerification(const Verification& verification, const nlohmann::json& law,
                       const nlohmann::json& form)
      : verification_(verification), law_(law), form_(form) {}

  // Throws Rejected, or an exception of the JSON library, when the decision is another one.
  Outcome Check();

 private:
  // What some criteria come to.
  struct Tally {
    bool open = false;
    std::set<std::string> grounds;
  };
  // Positions of the categories that are the applicant's, and of those that may be.
  struct Coverage {
    std::vector<size_t> covering;
    std::vector<size_t> open;
  };

  // Whether it is known which region's law applies.
  bool CheckRegion();
  Coverage CheckCategories();
  Tally Count();
  Tally CountCriteria(const nlohmann::json& law, const nlohmann::json& forms);
  void AddSharedGrounds(const Coverage& coverage, Tally& tally);
  // What the criterion or category comes to, which the form must say.
  Value CheckOutcome(const nlohmann::json& law, const nlohmann::json& form);
  void CheckMissing(const Value& outcome, const nlohmann::json& form);
  void CheckVerdict(const Tally& tally);

  const Verification& verification_;
  const nlohmann::json& law_;
  const nlohmann::json& form_;
  const nlohmann::json* conditions_ = nullptr;  // of the law as it applies
  std::set<nlohmann::json> missing_;            // as the form names it
  std::set<eligibility::feel::InputId> inputs_;
  Outcome outcome_;
};

}  // namespace kstati::certificate_verifier
