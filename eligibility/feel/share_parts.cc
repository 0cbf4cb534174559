// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include "eligibility/feel/rule_set.h"

namespace kstati::eligibility::feel {
namespace {

// Every number of a key ends with this, and every text has its length before it.
constexpr char kEnd = ';';

class PartSharing {
 public:
  PartSharing(Program& program, std::vector<NodeIndex>& roots, const Sharing& sharing)
      : program_(program), roots_(roots), sharing_(sharing) {}

  void Run() {
    const size_t count = program_.nodes.size();
    representative_.resize(count);
    open_.resize(count);
    slots_.resize(count);
    sound_.assign(count, false);
    MarkFunctionBodies();
    for (NodeIndex i = 0; i < count; ++i) representative_[i] = Represent(i);
    for (NodeIndex& root : roots_) root = representative_[root];
    if (program_.root != kNoNode) program_.root = representative_[program_.root];
    NumberParts();
  }

 private:
  // A function has a frame of its own: its locals are not those of the same number elsewhere.
  void MarkFunctionBodies() {
    in_function_.assign(program_.nodes.size(), false);
    std::vector<NodeIndex> left;
    for (const Lambda& lambda : program_.lambdas) left.push_back(lambda.body);
    while (!left.empty()) {
      const NodeIndex index = left.back();
      left.pop_back();
      if (index == kNoNode || in_function_[index]) continue;
      in_function_[index] = true;
      VisitChildren(program_.nodes[index], [&](NodeIndex& child) { left.push_back(child); });
    }
  }

  // Whether the value follows from the children, the locals and the environment alone.
  bool IsSound(const Node& node) const {
    switch (node.op) {
      case Op::kLambda:
      case Op::kCallValue:
      case Op::kDecisionTable: return false;
      case Op::kCallNative: return sharing_.native_calls;
      default: return true;
    }
  }

  static bool HasChildList(Op op) {
    return op == Op::kAnd || op == Op::kOr || op == Op::kList || op == Op::kCallBuiltin ||
           op == Op::kIn || op == Op::kCallNative || op == Op::kCallValue;
  }

  static bool Iterates(Op op) { return op == Op::kFor || op == Op::kSome || op == Op::kEvery; }

  // In the order in which they are evaluated, but for what "in" tests.
  void VisitChildren(Node& node, const std::function<void(NodeIndex&)>& visit) {
    const auto each = [&](uint32_t stride) {
      for (uint32_t i = 0; i < node.b; i += stride) visit(program_.children[node.a + i]);
    };
    if (node.op == Op::kIn) visit(node.c);
    if (HasChildList(node.op)) return each(1);
    if (node.op == Op::kContext) return each(2);
    if (Iterates(node.op)) {
      for (uint32_t i = 0; i < node.b; i += 3) {
        visit(program_.children[node.a + i]);
        visit(program_.children[node.a + i + 1]);
      }
      return visit(node.c);
    }
    switch (node.op) {
      case Op::kConstant:
      case Op::kLoad:
      case Op::kLocal:
      case Op::kLambda:
      case Op::kDecisionTable: return;
      case Op::kItemEntry: return visit(node.c);
      case Op::kIf:
      case Op::kBetween:
        visit(node.a);
        visit(node.b);
        return visit(node.c);
      case Op::kNegate:
      case Op::kTest:
      case Op::kPath:
      case Op::kInstanceOf:
      case Op::kConvert: return visit(node.a);
      default: visit(node.a); return visit(node.b);
    }
  }

  // The locals that a node writes for those below it.
  std::vector<uint32_t> BoundBy(const Node& node) const {
    std::vector<uint32_t> bound;
    if (node.op == Op::kFilter || (node.op == Op::kFor && node.flags == kUsesPartial)) {
      bound.push_back(node.local);
    }
    if (node.op == Op::kContext) {
      for (uint32_t i = 1; i < node.b; i += 2) bound.push_back(program_.children[node.a + i]);
    }
    if (Iterates(node.op)) {
      for (uint32_t i = 2; i < node.b; i += 3) bound.push_back(program_.children[node.a + i]);
    }
    return bound;
  }

  NodeIndex Represent(NodeIndex index) {
    Node& node = program_.nodes[index];
    bool sound = IsSound(node);
    std::vector<uint32_t>& open = open_[index];
    if (node.op == Op::kLocal || node.op == Op::kItemEntry) open.push_back(node.a);
    std::vector<uint32_t>& slots = slots_[index];
    if (node.op == Op::kLoad) slots.push_back(node.a);
    VisitChildren(node, [&](NodeIndex& child) {
      if (child == kNoNode) return;
      sound = sound && sound_[child];
      open.insert(open.end(), open_[child].begin(), open_[child].end());
      slots.insert(slots.end(), slots_[child].begin(), slots_[child].end());
      child = representative_[child];
    });
    const std::vector<uint32_t> bound = BoundBy(node);
    if (in_function_[index] && !(open.empty() && bound.empty())) sound = false;
    std::erase_if(open, [&](uint32_t local) {
      return std::find(bound.begin(), bound.end(), local) != bound.end();
    });
    SortOnce(open);
    SortOnce(slots);
    sound_[index] = sound;
    if (!IsClosed(index)) return index;
    std::vector<uint32_t> locals;
    return known_.emplace(KeyOf(index, locals), index).first->second;
  }

  static void SortOnce(std::vector<uint32_t>& numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  }

  bool IsClosed(NodeIndex index) const { return sound_[index] && open_[index].empty(); }

  // What makes two nodes the same: their children by their representatives, their locals by the
  // order in which they come, so that the same words make the same key wherever they stand.
  std::string KeyOf(NodeIndex index, std::vector<uint32_t>& locals) {
    Node& node = program_.nodes[index];
    std::string key = Number(static_cast<uint32_t>(node.op)) + Number(node.flags);
    AddDetail(node, locals, key);
    for (const uint32_t local : BoundBy(node)) key += Number(Place(local, locals));
    VisitChildren(node, [&](NodeIndex& child) {
      if (child == kNoNode) {
        key += '-';
      } else if (IsClosed(child)) {
        key += '#' + Number(child);
      } else {
        key += '(' + KeyOf(child, locals) + ')';
      }
    });
    return key;
  }

  static std::string Number(uint32_t number) { return std::to_string(number) + kEnd; }
  static std::string Text(const std::string& text) {
    return Number(static_cast<uint32_t>(text.size())) + text;
  }
  static uint32_t Place(uint32_t local, std::vector<uint32_t>& locals) {
    const auto found = std::find(locals.begin(), locals.end(), local);
    if (found != locals.end()) return static_cast<uint32_t>(found - locals.begin());
    locals.push_back(local);
    return static_cast<uint32_t>(locals.size() - 1);
  }

  void AddDetail(const Node& node, std::vector<uint32_t>& locals, std::string& key) const {
    switch (node.op) {
      case Op::kConstant: return AddConstant(node.a, key);
      case Op::kLoad: key += Number(node.a); return;
      case Op::kLocal: key += Number(Place(node.a, locals)); return;
      case Op::kPath: key += Text(program_.names[node.b]); return;
      case Op::kItemEntry:
        key += Number(Place(node.a, locals)) + Text(program_.names[node.b]);
        return;
      case Op::kCallBuiltin:
      case Op::kCallNative: key += Number(node.c) + Number(node.b); return;
      case Op::kInstanceOf:
      case Op::kConvert: key += Number(node.b); return;
      case Op::kContext:
        for (uint32_t i = 0; 2 * i < node.b && node.flags != kLastEntry; ++i) {
          key += Text(program_.names[node.c + i]);
        }
        [[fallthrough]];
      default:
        if (HasChildList(node.op) || node.op == Op::kContext || Iterates(node.op)) {
          key += Number(node.b);
        }
    }
  }

  void AddConstant(uint32_t constant, std::string& key) const {
    const Value& value = program_.constants[constant];
    // Functions print alike whatever they do.
    key += Text(std::string(NameOf(value.kind())) + ToSource(value));
    if (value.is(Kind::kFunction) || value.nesting() > 0) key += Number(FirstLike(constant));
  }

  // The first constant that is the same in every way.
  uint32_t FirstLike(uint32_t constant) const {
    for (uint32_t i = 0; i < constant; ++i) {
      if (Identical(program_.constants[i], program_.constants[constant])) return i;
    }
    return constant;
  }

  // Only what can be reached from the roots counts as a reader.
  void NumberParts() {
    std::vector<uint32_t> readers(program_.nodes.size(), 0);
    std::vector<NodeIndex> left(roots_);
    for (const NodeIndex root : roots_) ++readers[root];
    std::vector<bool> visited(program_.nodes.size(), false);
    while (!left.empty()) {
      const NodeIndex index = left.back();
      left.pop_back();
      if (visited[index]) continue;
      visited[index] = true;
      const auto read = [&](NodeIndex& child) {
        if (child == kNoNode) return;
        ++readers[child];
        left.push_back(child);
      };
      VisitChildren(program_.nodes[index], read);
      if (program_.nodes[index].op == Op::kLambda) {
        read(program_.lambdas[program_.nodes[index].a].body);
      }
    }
    program_.parts.assign(program_.nodes.size(), 0);
    for (NodeIndex i = 0; i < program_.nodes.size(); ++i) {
      const Op op = program_.nodes[i].op;
      const bool kept = IsClosed(i) && op != Op::kConstant && op != Op::kTest &&
                        (op != Op::kLoad || sharing_.loads);
      if (!kept || readers[i] < 2) continue;
      program_.part_slots.push_back(slots_[i]);
      program_.parts[i] = static_cast<uint32_t>(program_.part_slots.size());
    }
  }

  Program& program_;
  std::vector<NodeIndex>& roots_;
  const Sharing sharing_;
  std::vector<NodeIndex> representative_;
  std::vector<std::vector<uint32_t>> open_;   // by node: locals that it reads and does not write
  std::vector<std::vector<uint32_t>> slots_;  // by node: that are read below it
  std::vector<bool> sound_;
  std::vector<bool> in_function_;
  std::unordered_map<std::string, NodeIndex> known_;
};

}  // namespace

void ShareParts(Program& program, std::vector<NodeIndex>& roots, const Sharing& sharing) {
  PartSharing(program, roots, sharing).Run();
}

}  // namespace kstati::eligibility::feel
