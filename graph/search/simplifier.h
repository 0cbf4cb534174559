// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "graph/search/core.h"

namespace kstati::graph::search {

// The rules that follow from counts alone, applied until none applies:
//  - a free service with nothing left to need: what it gives is held;
//  - a fact nobody gives cannot be had, nor can what needs it; a goal of that kind: no chain;
//  - a fact nobody needs and that is no goal does not matter, nor a service that gives only such;
//  - the only producer of a goal is paid, and its needs become goals.
// Each change costs time in proportion to what it touches. Keeps the memory between uses.
class Simplifier {
 public:
  // Looks at everything. False: some goal cannot be reached.
  bool RunOnAll(Core& core);

  // Changes to a core, each followed sooner or later by Run, which draws the consequences.
  void Start(Core& core);
  void RemoveService(uint32_t service);
  void HoldFact(uint32_t fact);
  void LoseFact(uint32_t fact);  // it cannot be had
  void MakeGoal(uint32_t fact);
  void Pay(uint32_t service);
  void DropNeed(uint32_t service, uint32_t fact);
  void DropGift(uint32_t service, uint32_t fact);
  bool Run();
  // How many changes there were since Start or ForgetChanges.
  uint32_t changes() const { return changes_; }
  void ForgetChanges() { changes_ = 0; }

 private:
  void LookAtFact(uint32_t fact);
  void LookAtService(uint32_t service);
  void CheckFact(uint32_t fact);
  void CheckService(uint32_t service);
  void ForgetFact(uint32_t fact);

  Core* core_ = nullptr;
  bool possible_ = true;
  uint32_t changes_ = 0;
  std::vector<uint32_t> facts_;
  std::vector<uint32_t> services_;
  std::vector<uint8_t> fact_waits_;
  std::vector<uint8_t> service_waits_;
};

}  // namespace kstati::graph::search
