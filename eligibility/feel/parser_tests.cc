// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/builtin.h"
#include "eligibility/feel/parser.h"

namespace kstati::eligibility::feel {

// Rule 14 to 17 of the grammar: what stands in the cells of a decision table.
NodeIndex Parser::ParseUnaryTests(uint16_t local, const Type& type) {
  const Extent at{token_.begin, token_.begin};
  const bool any = token_.kind == TokenKind::kEnd || (At("-") && Peek().kind == TokenKind::kEnd);
  if (any) return builder_.Constant(Value::Boolean(true), Type::Boolean(), at);
  const bool negated = NegationHere();
  if (negated) {
    Advance();
    Expect("(", "after \"not\"");
  }
  NodeIndex holds = PositiveTests(local, type);
  if (negated) {
    Expect(")", "after the tests of \"not\"");
    const Argument argument{{}, holds};
    holds = builder_.CallBuiltin(*FindBuiltin("not"), {argument}, From(at.begin));
  }
  ExpectEnd();
  return holds;
}

NodeIndex Parser::ParseValueList() {
  const size_t begin = token_.begin;
  std::vector<NodeIndex> values;
  do {
    values.push_back(Expression());
  } while (Take(","));
  ExpectEnd();
  return builder_.List(values, From(begin));
}

bool Parser::NegationHere() {
  if (!At("not") || !Peek().Is("(")) return false;
  int open = 0;
  Token token = Peek();
  while (token.kind != TokenKind::kEnd && token.kind != TokenKind::kError) {
    if (token.Is("(")) ++open;
    if (token.Is(")") && --open == 0) return lexer_.Read(token.end).kind == TokenKind::kEnd;
    token = lexer_.Read(token.end);
  }
  return false;
}

NodeIndex Parser::PositiveTests(uint16_t local, const Type& type) {
  std::vector<NodeIndex> tests;
  do {
    tests.push_back(PositiveTest(local, type));
  } while (Take(","));
  return tests.size() == 1 ? tests.front() : builder_.Logic(Op::kOr, tests);
}

// A test that names "?", or that is a condition though the value is none, decides by itself; every
// other one is a value, range or list that the tested value is compared with.
NodeIndex Parser::PositiveTest(uint16_t local, const Type& type) {
  const size_t begin = token_.begin;
  const size_t mark = names_.Mark();
  names_.DeclareAlias("?", local, type);
  const NodeIndex test = OneTest();
  const bool named = names_.WasUsed(mark);
  names_.PopTo(mark);
  const bool condition = builder_.type(test).is(Kind::kBoolean) && !type.MayBe(Kind::kBoolean);
  if (builder_.op(test) != Op::kTest && (named || condition)) return test;
  return builder_.In(builder_.Local(local, type, From(begin)), {test}, From(begin));
}

}  // namespace kstati::eligibility::feel
