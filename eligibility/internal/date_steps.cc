// SPDX-License-Identifier: Apache-2.0
#include "eligibility/internal/date_steps.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/operators.h"

namespace kstati::eligibility {
namespace {

using feel::Node;
using feel::NodeIndex;
using feel::Op;
using feel::Value;

// How far the ends of months of different lengths move an anniversary.
constexpr int64_t kMonthEndDays = 3;

constexpr std::array<std::string_view, 2> kFunctions{"today", "years and months duration"};
constexpr std::array<std::string_view, 4> kParts{"years", "months", "days", "year"};

// The world in which every reported date is the same.
class OneDate final : public feel::Environment {
 public:
  OneDate(const Rulebook& book, Date day, Date date) : book_(book), date_(date) {
    today = day;
    now.date = day;
  }

  Value Load(uint32_t slot) override {
    const Slot& described = book_.slots[slot];
    if (described.origin == Origin::kAlias) return Load(described.target);
    if (described.origin != Origin::kDerived) return Value::OfDate(date_);
    return feel::Evaluate(book_.derived[described.target].expression, *this);
  }

 private:
  const Rulebook& book_;
  const Date date_;
};

// How a value stands to each threshold; without thresholds, the value itself.
bool StandsAlike(const Value& a, const Value& b, std::span<const Value> thresholds) {
  if (thresholds.empty()) return feel::Identical(a, b);
  return std::ranges::all_of(thresholds, [&](const Value& threshold) {
    const std::optional<int> left = feel::Order(a, threshold);
    const std::optional<int> right = feel::Order(b, threshold);
    if (!left || !right) return left.has_value() == right.has_value();
    return (*left < 0) == (*right < 0) && (*left > 0) == (*right > 0);
  });
}

using Leaf = std::pair<uint32_t, bool>;  // slot, in the role's profile

// Gathers the facts that a node follows from, as long as they are dates.
class OnlyDates {
 public:
  explicit OnlyDates(const Rulebook& book) : book_(book) {}

  // False as soon as anything else is met.
  bool Gather(const feel::Program& program, NodeIndex index, bool shifted) {
    const Node& node = program.nodes[index];
    const auto all = [&](std::initializer_list<NodeIndex> operands) {
      return std::ranges::all_of(
          operands, [&](NodeIndex operand) { return Gather(program, operand, shifted); });
    };
    const auto list = [&] {
      return std::ranges::all_of(
          std::span(program.children).subspan(node.a, node.b),
          [&](NodeIndex operand) { return Gather(program, operand, shifted); });
    };
    switch (node.op) {
      case Op::kConstant: return true;
      case Op::kLoad: return GatherSlot(node.a, shifted);
      case Op::kNegate: return all({node.a});
      case Op::kPath:
        return std::ranges::find(kParts, program.names[node.b]) != kParts.end() && all({node.a});
      case Op::kIf:
      case Op::kBetween: return all({node.a, node.b, node.c});
      case Op::kAnd:
      case Op::kOr: return list();
      case Op::kCallBuiltin:
        return std::ranges::find(kFunctions, feel::Builtins()[node.c].name) != kFunctions.end() &&
               list();
      default:
        return node.op >= Op::kAdd && node.op <= Op::kGreaterEqual && node.op != Op::kPower &&
               all({node.a, node.b});
    }
  }

  const std::set<Leaf>& leaves() const { return leaves_; }

 private:
  bool GatherSlot(uint32_t slot, bool shifted) {
    const Slot& described = book_.slots[slot];
    switch (described.origin) {
      case Origin::kAlias: return GatherSlot(described.target, shifted || described.shifts);
      case Origin::kDerived: {
        const feel::Program& program = book_.derived[described.target].expression.program();
        return Gather(program, program.root, shifted);
      }
      case Origin::kReported:
        leaves_.emplace(slot, shifted);
        return TypeOf(book_.dictionary.at(slot)).is(feel::Kind::kDate);
      case Origin::kBuiltin:
        leaves_.emplace(slot, shifted);
        return static_cast<Builtin>(described.target) == Builtin::kEventDate;
      case Origin::kModel:
      case Origin::kDecision:
      case Origin::kBroken: return false;
    }
    return false;
  }

  const Rulebook& book_;
  std::set<Leaf> leaves_;
};

}  // namespace

std::optional<uint32_t> DateBehind(const feel::Program& program, NodeIndex node,
                                   const Rulebook& book) {
  OnlyDates dates(book);
  if (!dates.Gather(program, node, false) || dates.leaves().size() != 1) return std::nullopt;
  return dates.leaves().begin()->first;
}

feel::Expression PartOfRule(const feel::Program& program, NodeIndex node) {
  auto part = std::make_shared<feel::Program>(program);
  part->root = node;
  return feel::Expression(std::move(part));
}

Value DateSteps::At(const feel::Expression& expression, Date date) const {
  OneDate environment(book_, today_, date);
  return feel::Evaluate(expression, environment);
}

void DateSteps::MakeGrid() {
  std::set<Date> days;
  for (int64_t month = -12 * kYearsBack; month <= 12 * kYearsAhead; ++month) {
    const Date anniversary = today_.AddMonths(month);
    for (int64_t offset = -kMonthEndDays; offset <= kMonthEndDays; ++offset) {
      days.insert(anniversary.AddDays(offset));
    }
  }
  grid_.assign(days.begin(), days.end());
}

DateSteps::Part& DateSteps::PartOf(const feel::Program& program, NodeIndex node) {
  const auto known = parts_.find({&program, node});
  if (known != parts_.end()) return known->second;
  if (grid_.empty()) MakeGrid();
  Part part{PartOfRule(program, node), {}, {}};
  part.values.reserve(grid_.size());
  for (const Date date : grid_) {
    part.values.push_back(At(part.expression, date));
    const size_t place = part.values.size() - 1;
    if (place > 0 && !feel::Identical(part.values[place - 1], part.values[place])) {
      part.changes.push_back(place);
    }
  }
  return parts_.emplace(std::pair(&program, node), std::move(part)).first->second;
}

std::set<Date> DateSteps::Of(const feel::Program& program, NodeIndex node,
                             std::span<const Value> thresholds) {
  const Part& part = PartOf(program, node);
  std::set<Date> steps;
  // Halves a stretch whose ends differ until the day of the change.
  const std::function<void(Date, const Value&, Date, const Value&)> search =
      [&](Date low, const Value& before, Date high, const Value& after) {
        if (StandsAlike(before, after, thresholds)) return;
        if (high.days - low.days == 1) {
          steps.insert(high);
          return;
        }
        const Date middle{low.days + (high.days - low.days) / 2};
        const Value between = At(part.expression, middle);
        search(low, before, middle, between);
        search(middle, between, high, after);
      };
  for (const size_t i : part.changes) {
    search(grid_[i - 1], part.values[i - 1], grid_[i], part.values[i]);
  }
  return steps;
}

}  // namespace kstati::eligibility
