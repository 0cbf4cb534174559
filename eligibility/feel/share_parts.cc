// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/rule_set.h"

namespace kstati::eligibility::feel {
namespace {

// What makes two nodes the same, with children by their representatives.
using Key =
    std::tuple<Op, uint8_t, uint32_t, uint32_t, uint32_t, std::vector<NodeIndex>, std::string>;

class Sharing {
 public:
  Sharing(Program& program, std::vector<NodeIndex>& roots) : program_(program), roots_(roots) {}

  void Run() {
    const size_t count = program_.nodes.size();
    representative_.resize(count);
    closed_.assign(count, false);
    for (NodeIndex i = 0; i < count; ++i) representative_[i] = Represent(i);
    for (NodeIndex& root : roots_) root = representative_[root];
    if (program_.root != kNoNode) program_.root = representative_[program_.root];
    CountReaders();
  }

 private:
  // Whether the value of a node follows from its children and the environment alone.
  bool IsSimple(const Node& node) const {
    switch (node.op) {
      case Op::kLocal:
      case Op::kItemEntry:
      case Op::kContext:
      case Op::kFilter:
      case Op::kFor:
      case Op::kSome:
      case Op::kEvery:
      case Op::kLambda:
      case Op::kCallNative:
      case Op::kCallValue:
      case Op::kDecisionTable: return false;
      case Op::kCallBuiltin: return Builtins()[node.c].pure;
      default: return true;
    }
  }

  // Requires a simple node.
  void VisitChildren(Node& node, const std::function<void(NodeIndex&)>& visit) {
    const auto list = [&] {
      for (uint32_t i = 0; i < node.b; ++i) visit(program_.children[node.a + i]);
    };
    switch (node.op) {
      case Op::kConstant:
      case Op::kLoad: return;
      case Op::kAnd:
      case Op::kOr:
      case Op::kList:
      case Op::kCallBuiltin: return list();
      case Op::kIn: list(); return visit(node.c);
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

  bool HasChildList(Op op) const {
    return op == Op::kAnd || op == Op::kOr || op == Op::kList || op == Op::kCallBuiltin ||
           op == Op::kIn;
  }

  NodeIndex Represent(NodeIndex index) {
    Node& node = program_.nodes[index];
    if (!IsSimple(node)) return index;
    bool closed = true;
    std::vector<NodeIndex> children;
    VisitChildren(node, [&](NodeIndex& child) {
      if (child == kNoNode) return;
      closed = closed && closed_[child];
      child = representative_[child];
      children.push_back(child);
    });
    closed_[index] = closed;
    if (!closed) return index;
    return known_.emplace(KeyOf(node, std::move(children)), index).first->second;
  }

  Key KeyOf(const Node& node, std::vector<NodeIndex> children) const {
    Key key{node.op, node.flags, node.a, node.b, node.c, std::move(children), {}};
    std::string& detail = std::get<std::string>(key);
    if (HasChildList(node.op)) std::get<2>(key) = 0;
    if (node.op == Op::kConstant) {
      std::get<2>(key) = 0;
      const Value& value = program_.constants[node.a];
      // Functions print alike whatever they do.
      detail = value.is(Kind::kFunction) ? std::to_string(node.a)
                                         : std::string(NameOf(value.kind())) + ToSource(value);
    }
    if (node.op == Op::kPath) {
      std::get<3>(key) = 0;
      detail = program_.names[node.b];
    }
    return key;
  }

  // Only what can be reached from the roots counts as a reader.
  void CountReaders() {
    std::vector<uint32_t> readers(program_.nodes.size(), 0);
    std::vector<NodeIndex> open(roots_);
    for (const NodeIndex root : roots_) ++readers[root];
    std::vector<bool> visited(program_.nodes.size(), false);
    while (!open.empty()) {
      const NodeIndex index = open.back();
      open.pop_back();
      if (visited[index]) continue;
      visited[index] = true;
      Node& node = program_.nodes[index];
      if (!IsSimple(node)) continue;
      VisitChildren(node, [&](NodeIndex& child) {
        if (child == kNoNode) return;
        ++readers[child];
        open.push_back(child);
      });
    }
    program_.shared.assign(program_.nodes.size(), 0);
    for (NodeIndex i = 0; i < program_.nodes.size(); ++i) {
      const Op op = program_.nodes[i].op;
      const bool kept = closed_[i] && op != Op::kConstant && op != Op::kTest;
      program_.shared[i] = kept && readers[i] > 1 ? 1 : 0;
    }
  }

  Program& program_;
  std::vector<NodeIndex>& roots_;
  std::vector<NodeIndex> representative_;
  std::vector<bool> closed_;
  std::map<Key, NodeIndex> known_;
};

}  // namespace

void ShareParts(Program& program, std::vector<NodeIndex>& roots) { Sharing(program, roots).Run(); }

}  // namespace kstati::eligibility::feel
