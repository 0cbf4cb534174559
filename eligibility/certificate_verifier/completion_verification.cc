// SPDX-License-Identifier: Apache-2.0
#include "eligibility/certificate_verifier/completion_verification.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "eligibility/certificate_verifier/verification.h"

namespace kstati::certificate_verifier {
namespace {

using nlohmann::json;

// A decision that is the same whatever the missing facts turn out to be.
class CompletionVerification {
 public:
  explicit CompletionVerification(const json& certificate) : certificate_(certificate) {}

  void Run() {
    Require(certificate_.at("format") == "kstati-certificate/1", "the format is not known");
    ReadDomains();
    const json& ways = certificate_.at("ways");
    Require(!ways.empty(), "there is no way in which the facts may turn out");
    for (const json& way : ways) CheckWay(way, ways.front());
    Require(Covers({}), "a combination of values is left out");
    CheckOutcome();
  }

 private:
  static constexpr int kStepsMax = 1'000'000;

  // Of what is true or false, nothing is left out; of anything else, the values that the rules tell
  // apart are stated.
  void ReadDomains() {
    for (const json& form : certificate_.at("completes")) {
      const FactKey key(form.at("name").get<std::string>(), form.at("citizen"));
      const auto values = form.at("values").get<std::set<json>>();
      Require(values.size() > 1 && values.size() == form.at("values").size(),
              key.first + " has no choice of values");
      const bool logical = values.contains(true) || values.contains(false);
      std::set<json> all{true, false};
      if (!key.first.starts_with("relation.")) all.insert(nullptr);  // relations always apply
      Require(!logical || values == all, key.first + " may be something else");
      Require(domains_.emplace(key, values).second, key.first + " is completed twice");
    }
  }

  void CheckWay(const json& way, const json& first) {
    Verification verification(way, &domains_);
    verification.Run();
    ways_.push_back(verification.supposed());
    for (const char* part : {"service", "applicant", "other", "event_date", "made_up", "valid_at",
                             "known_at", "law"}) {
      Require(way.at(part) == first.at(part), std::string("the ways differ in ") + part);
    }
  }

  // Whether some way holds for every combination of values that has these.
  bool Covers(const Suppositions& fixed) {
    Require(++steps_ <= kStepsMax, "there are too many combinations");
    const FactKey* next = nullptr;
    for (const Suppositions& way : ways_) {
      bool possible = true;
      const FactKey* open = nullptr;
      for (const auto& [key, value] : way) {
        const auto known = fixed.find(key);
        possible = possible && (known == fixed.end() || known->second == value);
        if (known == fixed.end() && open == nullptr) open = &key;
      }
      if (possible && open == nullptr) return true;
      if (possible && next == nullptr) next = open;
    }
    if (next == nullptr) return false;
    const FactKey key = *next;
    return std::ranges::all_of(domains_.at(key), [&](const json& value) {
      Suppositions more = fixed;
      more[key] = value;
      return Covers(more);
    });
  }

  void CheckOutcome() const {
    const json& verdict = certificate_.at("verdict");
    std::optional<std::set<json>> grounds;
    bool unconfirmed = false;
    std::optional<Instant> founded;
    for (const json& way : certificate_.at("ways")) {
      Require(way.at("verdict") == verdict && verdict != "undetermined",
              "the ways come out differently");
      std::set<json> shared;
      for (const json& ground : way.at("grounds")) {
        if (!grounds || grounds->contains(ground)) shared.insert(ground);
      }
      grounds = std::move(shared);
      unconfirmed |= way.at("rests_on_unconfirmed").get<bool>();
      if (way.at("founded_at").is_null()) continue;
      const Instant instant = InstantOf(way.at("founded_at"));
      founded = founded ? std::max(*founded, instant) : instant;
    }
    Require(certificate_.at("grounds") == *grounds, "the grounds are not those of all ways");
    Require(verdict != "not eligible" || !grounds->empty(), "a refusal has no ground in common");
    Require(certificate_.at("rests_on_unconfirmed") == unconfirmed,
            "what is unconfirmed is told wrongly");
    Require(certificate_.at("founded_at") == (founded ? json(founded->ToString()) : json()),
            "the moment of foundation is another");
  }

  const json& certificate_;
  Domains domains_;
  std::vector<Suppositions> ways_;
  int steps_ = 0;
};

}  // namespace

void VerifyCompletion(const json& content) { CompletionVerification(content).Run(); }

}  // namespace kstati::certificate_verifier
