// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/environment.h"
#include "eligibility/feel/program.h"
#include "eligibility/feel/rule_set.h"

namespace kstati::eligibility::feel {

// One evaluation of one program: a walk over its nodes. The program given must outlive it.
//
// Invariants:
// 1. When a limit is exceeded, `cut_short_` is set and every further node gives null at once.
// 2. `program_` and `frame_` belong together; a call of a lambda swaps both and swaps them back.
class Evaluator final : public CallContext {
 public:
  Evaluator(const std::shared_ptr<const Program>& program, Environment& environment)
      : main_(program.get()),
        owner_(&program),
        program_(program.get()),
        environment_(environment),
        limits_(program->limits),
        budget_(environment.budget != nullptr ? *environment.budget : own_budget_),
        steps_(budget_.steps),
        pause_at_(environment.is_timed ? NextLook() : limits_.max_steps) {}

  Value Run();
  // One root of a program that shares parts; `frame` has the program's size.
  Value Run(NodeIndex root, std::span<Value> frame, PartValues& parts, Work& work);

  // CallContext.
  Value Fail(std::string text) override;
  Value Invoke(const Value& function, std::span<const Value> arguments) override;
  bool MayMakeItems(size_t count) override;
  Environment& environment() override { return environment_; }
  const Limits& limits() override { return limits_; }

 private:
  // The locals of one function call; small frames need no allocation.
  class Frame {
   public:
    explicit Frame(size_t size) {
      if (size > kInline) many_.resize(size);
    }
    Value* data() { return many_.empty() ? few_.data() : many_.data(); }

   private:
    static constexpr size_t kInline = 6;
    std::array<Value, kInline> few_;
    std::vector<Value> many_;
  };
  // What the rules of a table came to.
  struct TableMatches;
  // A walk over nested iterators; `visit` returns false to stop.
  struct Walk;

  Value Eval(NodeIndex index);
  Value Compute(NodeIndex index);
  // The value of a node where it is kept, or in `storage`: constants and shared parts are not
  // copied.
  const Value& Read(NodeIndex index, Value& storage);
  const Value& ReadPart(NodeIndex index, uint32_t part, Value& storage);
  Value Dispatch(const Node& node);
  Value EvalOr(NodeIndex index, Value otherwise) {
    return index == kNoNode ? otherwise : Eval(index);
  }
  Value EvalLoad(const Node& node);
  Value EvalArithmetic(const Node& node);
  Value EvalCompare(const Node& node);
  Value EvalAnd(const Node& node);
  Value EvalOrOp(const Node& node);
  Value EvalBetween(const Node& node);
  Value EvalIn(const Node& node);
  Value EvalIf(const Node& node);
  Value EvalList(const Node& node);
  Value EvalContext(const Node& node);
  Value EvalLastEntry(const Node& node);
  Value EvalConvert(const Node& node);
  Value EvalTable(const Node& node);
  Value EvalRange(const Node& node);
  Range RangeOf(const Node& node);
  Value InRange(const Node& node, const Value& value);
  Value EvalPath(const Node& node);
  Value EvalItemEntry(const Node& node);
  Value EvalFilter(const Node& node);
  Value FilterByIndex(const Node& node, const std::vector<Value>& items, const Value& position);
  Value FilterByCondition(const Node& node, const std::vector<Value>& items);
  Value EvalFor(const Node& node);
  Value EvalQuantified(const Node& node);
  Value EvalLambda(const Node& node);
  Value EvalCallBuiltin(const Node& node);
  Value EvalCallNative(const Node& node);
  Value EvalCallValue(const Node& node);
  Value Call(const FunctionData& function, std::vector<Value>& arguments);
  Value CallLambda(const FunctionData& function, std::vector<Value>& arguments);
  // Puts named arguments into the order of the parameters; false when they do not fit.
  bool OrderArguments(const FunctionData& function, std::span<const std::string> names,
                      std::vector<Value>& arguments);

  bool LoadInputs(const Node& node, const DecisionTable& table);
  Value MatchOf(const DecisionTable& table, const DecisionTable::Rule& rule);
  Value OutputOf(const DecisionTable& table, const DecisionTable::Rule& rule);
  Value DefaultOf(const DecisionTable& table);
  Value FirstMatch(const DecisionTable& table, TableMatches& matches);
  Value OneOf(TableMatches matches);
  Value Outcome(const Node& node, const DecisionTable& table, TableMatches matches);
  Value OnlyOutput(const Node& node, const std::vector<Value>& outputs);
  Value ByPriority(const DecisionTable& table, std::vector<Value> outputs);
  Value Aggregated(const Node& node, const DecisionTable& table, std::vector<Value> outputs);

  bool Iterate(const Node& node, size_t triple, Walk& walk);
  bool IterateItems(const Node& node, size_t triple, const Value& domain, Walk& walk);
  bool IterateRange(const Node& node, size_t triple, const Range& range, Walk& walk);
  bool VisitItem(const Node& node, size_t triple, Value item, Walk& walk);

  // Whether the evaluation may go on after `pause_at_` steps; else it is cut short.
  bool MayGoOn(const Node& node);
  uint64_t NextLook() const { return std::min(limits_.max_steps, steps_ + kStepsBetweenLooks); }

  void Note(const Node& node, std::string text);
  Value CutShort(const Node& node, std::string_view limit);
  // The value unless it nests too deeply or is too long.
  Value Bounded(const Node& node, Value value);
  void RecordSlot(uint32_t slot);

  const Program* const main_;                    // what Run() evaluates
  const std::shared_ptr<const Program>* owner_;  // of program_; outlives its evaluation
  const Program* program_;
  Environment& environment_;
  const Limits& limits_;
  Value* frame_ = nullptr;
  PartValues* parts_ = nullptr;    // of main_; null: nothing is kept
  uint64_t reused_ = 0;            // steps of parts that were kept
  const Node* calling_ = nullptr;  // the call a built-in reports for
  // At the clock: a tenth of a millisecond of plain steps.
  static constexpr uint64_t kStepsBetweenLooks = 4096;
  Budget own_budget_;
  Budget& budget_;   // of this evaluation, or of all that share the environment's
  uint64_t& steps_;  // of the budget
  uint64_t pause_at_;
  int depth_ = 0;
  bool cut_short_ = false;
};

}  // namespace kstati::eligibility::feel
