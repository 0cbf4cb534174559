// SPDX-License-Identifier: Apache-2.0
// Chains beside every set of services and documents that small worlds allow.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "graph/chain.h"
#include "tests/unit/graph/drawing.h"

namespace kstati::graph {
namespace {

constexpr int kDocuments = 6;
constexpr int64_t kNever = 1'000'000;

uint32_t TestScale() {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? 1 : static_cast<uint32_t>(std::max(1, std::atoi(scale)));
}

struct SmallService {
  std::vector<std::vector<int>> inputs;  // all of any of
  std::vector<int> outputs;
  int days = 0;
  int visits = 0;
  bool outside = false;
  bool maybe = false;
};

class SmallWorld {
 public:
  explicit SmallWorld(uint32_t seed) : random_(seed) {
    services_.resize(3 + Below(5));
    for (SmallService& service : services_) {
      service.inputs.resize(Below(3));
      for (auto& input : service.inputs) input = Documents(1 + Below(2));
      std::ranges::sort(service.inputs);
      const auto last = std::unique(service.inputs.begin(), service.inputs.end());
      service.inputs.erase(last, service.inputs.end());
      service.outputs = Documents(1 + Below(2));
      service.days = Below(30);
      service.visits = Below(3);
      service.outside = Below(6) == 0;
      service.maybe = Below(6) == 0;
    }
    held_ = Documents(Below(2));
    goals_ = Documents(1 + Below(3));
  }

  Chain Solve() const {
    Drawing drawing(Lines());
    return drawing.Goals(Joined(goals_, "+")).Held(Joined(held_, "+")).Solve();
  }

  ChainFront Front() const {
    Drawing drawing(Lines());
    return drawing.Goals(Joined(goals_, "+")).Held(Joined(held_, "+")).Front();
  }

  // By the days it takes, the least cost of all sets that reach what can be reached, where fewer
  // days cost more.
  std::map<int64_t, int64_t> WholeFront() const {
    const std::vector<int> goals = ReachableGoals();
    std::map<int64_t, int64_t> least;
    for (uint32_t brought = 0; brought < 1U << kDocuments; ++brought) {
      if (!CanBring(brought)) continue;
      for (uint32_t chosen = 0; chosen < 1U << services_.size(); ++chosen) {
        const std::optional<int64_t> days = DaysOf(chosen, brought, goals);
        if (!days) continue;
        const int64_t cost = BurdenOf(chosen, brought, 0);
        const auto [entry, is_new] = least.try_emplace(*days, cost);
        if (!is_new) entry->second = std::min(entry->second, cost);
      }
    }
    int64_t sooner = kNever * kNever;
    std::erase_if(least, [&sooner](const auto& point) {
      if (point.second >= sooner) return true;
      sooner = point.second;
      return false;
    });
    return least;
  }

  // The least burden of all sets that reach what can be reached; nullopt when nothing can.
  int64_t LeastBurden() const {
    const std::vector<int> goals = ReachableGoals();
    int64_t least = kNever * kNever;
    for (uint32_t brought = 0; brought < 1U << kDocuments; ++brought) {
      if (!CanBring(brought)) continue;
      for (uint32_t chosen = 0; chosen < 1U << services_.size(); ++chosen) {
        const std::optional<int64_t> days = DaysOf(chosen, brought, goals);
        if (days) least = std::min(least, BurdenOf(chosen, brought, *days));
      }
    }
    return least;
  }

  std::string Lines() const {
    std::string lines;
    for (size_t i = 0; i < services_.size(); ++i) {
      const SmallService& service = services_[i];
      std::string inputs;
      for (const auto& input : service.inputs) {
        inputs += (inputs.empty() ? "" : " + ") + Joined(input, "|");
      }
      lines += inputs + " -> s" + std::to_string(i) + " -> " + Joined(service.outputs, " + ") +
               " [" + std::to_string(service.days) + " wd, visits " +
               std::to_string(service.visits) + (service.outside ? ", outside" : "") +
               (service.maybe ? ", maybe" : "") + "]\n";
    }
    return lines;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

  std::vector<int> Documents(int count) {
    std::set<int> documents;
    for (int i = 0; i < count; ++i) documents.insert(Below(kDocuments));
    return {documents.begin(), documents.end()};
  }

  static std::string Joined(const std::vector<int>& documents, const std::string& separator) {
    std::string text;
    for (const int document : documents) {
      text += (text.empty() ? "" : separator) + "d" + std::to_string(document);
    }
    return text;
  }

  static bool Has(const std::vector<int>& list, int document) {
    return std::ranges::find(list, document) != list.end();
  }

  bool IsGiven(int document) const {
    return std::ranges::any_of(services_,
                               [&](const auto& service) { return Has(service.outputs, document); });
  }

  bool CanBring(uint32_t brought) const {
    for (int document = 0; document < kDocuments; ++document) {
      if ((brought >> document & 1U) != 0 && (IsGiven(document) || Has(held_, document))) {
        return false;
      }
    }
    return true;
  }

  // By document: the working day on which it is there, when each service starts at once.
  std::vector<int64_t> Days(uint32_t chosen, uint32_t brought) const {
    std::vector<int64_t> there(kDocuments, kNever);
    for (int document = 0; document < kDocuments; ++document) {
      if (Has(held_, document) || (brought >> document & 1U) != 0) there[document] = 0;
    }
    for (size_t round = 0; round <= services_.size(); ++round) {
      for (size_t i = 0; i < services_.size(); ++i) {
        if ((chosen >> i & 1U) == 0) continue;
        int64_t start = 0;
        for (const auto& input : services_[i].inputs) {
          int64_t first = kNever;
          for (const int document : input) first = std::min(first, there[document]);
          start = std::max(start, first);
        }
        if (start >= kNever) continue;
        for (const int output : services_[i].outputs) {
          there[output] = std::min(there[output], start + services_[i].days);
        }
      }
    }
    return there;
  }

  std::vector<int> ReachableGoals() const {
    uint32_t all = 0;
    for (int document = 0; document < kDocuments; ++document) {
      if (!IsGiven(document) && !Has(held_, document)) all |= 1U << document;
    }
    const std::vector<int64_t> there = Days((1U << services_.size()) - 1, all);
    std::vector<int> goals;
    for (const int goal : goals_) {
      const bool had = Has(held_, goal) || (IsGiven(goal) && there[goal] < kNever);
      if (had) goals.push_back(goal);
    }
    return goals;
  }

  std::optional<int64_t> DaysOf(uint32_t chosen, uint32_t brought,
                                const std::vector<int>& goals) const {
    const std::vector<int64_t> there = Days(chosen, brought);
    int64_t last = 0;
    for (const int goal : goals) last = std::max(last, there[goal]);
    return last < kNever ? std::optional(last) : std::nullopt;
  }

  // As docs/decisions/021-chains-of-a-person.md has it, in kopecks.
  int64_t BurdenOf(uint32_t chosen, uint32_t brought, int64_t days) const {
    int64_t minutes = 10 * days;
    for (size_t i = 0; i < services_.size(); ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      const SmallService& service = services_[i];
      minutes += 15 + 120 * service.visits + (service.outside ? 10'000 : 0) +
                 (service.maybe ? 100'000 : 0);
    }
    for (int document = 0; document < kDocuments; ++document) {
      if ((brought >> document & 1U) != 0) minutes += 30;
    }
    return minutes * 1000;
  }

  std::mt19937 random_;
  std::vector<SmallService> services_;
  std::vector<int> held_;
  std::vector<int> goals_;
};

TEST(CheapestChainTest, NoSetOfServicesAndDocumentsIsLessBurden) {
  size_t with_steps = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed);
    const Chain chain = world.Solve();
    EXPECT_TRUE(chain.proven) << world.Lines();
    EXPECT_EQ(chain.burden, world.LeastBurden()) << "seed " << seed << "\n" << world.Lines();
    EXPECT_EQ(chain.least_burden, chain.burden);
    with_steps += chain.steps.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(with_steps, 30U) << "the worlds are too small to tell anything";
}

TEST(CheapestChainTest, TheFrontIsThatOfAllSetsOfServicesAndDocuments) {
  size_t with_a_choice = 0;
  for (uint32_t seed = 1; seed <= 150 * TestScale(); ++seed) {
    const SmallWorld world(seed);
    const ChainFront front = world.Front();
    EXPECT_TRUE(front.proven) << world.Lines();
    std::map<int64_t, int64_t> found;
    for (const FrontPoint& point : front.points) found[point.days] = point.cost;
    std::map<int64_t, int64_t> whole = world.WholeFront();
    // Where nothing is to be done there is no point.
    if (whole.size() == 1 && whole.begin()->second == 0) whole.clear();
    EXPECT_EQ(found, whole) << "seed " << seed << "\n" << world.Lines();
    with_a_choice += front.points.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(with_a_choice, 5U) << "the worlds are too small to tell anything";
}

}  // namespace
}  // namespace kstati::graph
