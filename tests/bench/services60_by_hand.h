// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/services60_workload.h"

namespace kstati::bench {

// The workload's criteria as a programmer would write them for speed alone: every fact an integer
// in hundredths, every criterion a comparison of integers. No unknowns, no explanation.
class ByHand {
 public:
  explicit ByHand(const Workload& workload);

  // Encodes the facts of the citizens, all of them known.
  void Load(const std::vector<Citizen>& citizens);
  // Letters of decisions, one text per citizen loaded.
  std::vector<std::string> Decide() const;

 private:
  struct Criterion {
    enum class Form { kIn, kIncome, kFlag, kRange, kDays, kCompare, kEither } form = Form::kFlag;
    size_t attribute = 0;
    std::string op;
    int64_t low = 0;  // hundredths, days, or tenths of a multiplier
    int64_t high = 0;
    std::vector<int64_t> codes;
    std::vector<Criterion> either;
  };

  Criterion Read(const nlohmann::json& json);
  size_t Position(const std::string& name) const;
  int64_t Code(const std::string& text);
  std::vector<int64_t> Encode(const Citizen& citizen);
  bool Holds(const Criterion& criterion, const std::vector<int64_t>& facts) const;

  const Workload& workload_;
  std::vector<std::vector<Criterion>> services_;
  std::vector<std::string> codes_;
  std::vector<std::vector<int64_t>> encoded_;
  size_t income_ = 0;
  size_t household_ = 0;
  size_t minimum_ = 0;
};

}  // namespace kstati::bench
