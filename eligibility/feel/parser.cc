// SPDX-License-Identifier: Apache-2.0
#include "eligibility/feel/parser.h"

#include <array>
#include <set>

namespace kstati::eligibility::feel {
namespace {

std::optional<Op> ComparisonOp(const Token& token) {
  constexpr std::array<std::pair<std::string_view, Op>, 6> kOps{{{"=", Op::kEqual},
                                                                 {"!=", Op::kNotEqual},
                                                                 {"<", Op::kLess},
                                                                 {"<=", Op::kLessEqual},
                                                                 {">", Op::kGreater},
                                                                 {">=", Op::kGreaterEqual}}};
  if (token.kind != TokenKind::kSymbol) return std::nullopt;
  for (const auto& [symbol, op] : kOps) {
    if (token.text == symbol) return op;
  }
  return std::nullopt;
}

bool StartsExpression(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
    case TokenKind::kError: return false;
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kAt: return true;
    case TokenKind::kWord:
      return !IsKeyword(token.text) || token.text == "true" || token.text == "false" ||
             token.text == "null" || token.text == "if" || token.text == "for" ||
             token.text == "some" || token.text == "every" || token.text == "function";
    case TokenKind::kSymbol:
      return token.Is("(") || token.Is("[") || token.Is("{") || token.Is("-");
  }
  return false;
}

std::string Describe(const Token& token) {
  return token.kind == TokenKind::kEnd ? "the end" : "\"" + std::string(token.text) + "\"";
}

}  // namespace

Parser::Parser(std::string_view text, Names& names, Builder& builder, const CompileOptions& options,
               IssueSink& issues)
    : lexer_(text), issues_(issues), options_(options), names_(names), builder_(builder) {
  MoveTo(0);
  last_end_ = 0;
}

NodeIndex Parser::ParseExpression() {
  const NodeIndex root = Expression();
  ExpectEnd();
  return root;
}

void Parser::ExpectEnd() {
  if (stopped_ || token_.kind == TokenKind::kEnd) return;
  Fail(token_.begin, "unexpected " + Describe(token_),
       token_.kind == TokenKind::kWord ? "is a name misspelt or an operator missing?" : "");
}

void Parser::MoveTo(size_t offset) {
  last_end_ = offset;
  if (stopped_) return;
  token_ = lexer_.Read(offset);
  if (token_.kind == TokenKind::kError) Fail(token_.begin, lexer_.message());
}

void Parser::Fail(size_t offset, std::string text, std::string hint) {
  if (stopped_) return;
  stopped_ = true;
  issues_.Error(offset, std::move(text), std::move(hint));
  issues_.Close();
  const size_t end = lexer_.text().size();
  token_ = Token{TokenKind::kEnd, end, end, {}};
}

bool Parser::Take(std::string_view text) {
  if (!At(text)) return false;
  Advance();
  return true;
}

void Parser::Expect(std::string_view text, std::string_view where) {
  if (Take(text)) return;
  Fail(token_.begin, "expected \"" + std::string(text) + "\" " + std::string(where) + ", found " +
                         Describe(token_));
}

NodeIndex Parser::Expression() {
  if (depth_ >= options_.limits.max_depth) {
    Fail(token_.begin, "the expression is nested too deeply", "split it into named parts");
    return Placeholder();
  }
  ++depth_;
  const bool ending_range = std::exchange(ending_range_, false);
  const NodeIndex node = Disjunction();
  ending_range_ = ending_range;
  --depth_;
  return node;
}

NodeIndex Parser::Disjunction() {
  std::vector<NodeIndex> operands{Conjunction()};
  while (Take("or")) operands.push_back(Conjunction());
  return operands.size() == 1 ? operands.front() : builder_.Logic(Op::kOr, operands);
}

NodeIndex Parser::Conjunction() {
  std::vector<NodeIndex> operands{Comparison()};
  while (Take("and")) operands.push_back(Comparison());
  return operands.size() == 1 ? operands.front() : builder_.Logic(Op::kAnd, operands);
}

NodeIndex Parser::Comparison() {
  const size_t begin = token_.begin;
  NodeIndex left = Additive();
  while (true) {
    const size_t at = token_.begin;
    if (const auto op = ComparisonOp(token_)) {
      Advance();
      left = builder_.Compare(*op, left, Additive(), at);
    } else if (Take("between")) {
      const NodeIndex low = Additive();
      Expect("and", "between the two bounds");
      left = builder_.Between(left, low, Additive());
    } else if (Take("in")) {
      left = InTests(left, begin);
    } else {
      return left;
    }
  }
}

NodeIndex Parser::Additive() { return AdditiveRest(Multiplicative()); }

NodeIndex Parser::AdditiveRest(NodeIndex left) {
  while (At("+") || At("-")) {
    const size_t at = token_.begin;
    const Op op = At("+") ? Op::kAdd : Op::kSubtract;
    Advance();
    left = builder_.Arithmetic(op, left, Multiplicative(), at);
  }
  return left;
}

NodeIndex Parser::Multiplicative() { return MultiplicativeRest(Power()); }

NodeIndex Parser::MultiplicativeRest(NodeIndex left) {
  while (At("*") || At("/")) {
    const size_t at = token_.begin;
    const Op op = At("*") ? Op::kMultiply : Op::kDivide;
    Advance();
    left = builder_.Arithmetic(op, left, Power(), at);
  }
  return left;
}

// Left-associative, and looser than the minus sign: -3 ** 2 is 9, as the standard says.
NodeIndex Parser::Power() { return PowerRest(Unary()); }

NodeIndex Parser::PowerRest(NodeIndex left) {
  while (At("**")) {
    const size_t at = token_.begin;
    Advance();
    left = builder_.Arithmetic(Op::kPower, left, Unary(), at);
  }
  return left;
}

NodeIndex Parser::Unary() {
  std::vector<size_t> signs;
  while (At("-")) {
    signs.push_back(token_.begin);
    Advance();
  }
  if (signs.size() > static_cast<size_t>(options_.limits.max_depth)) {
    Fail(signs.front(), "too many minus signs");
  }
  const bool literal = token_.kind == TokenKind::kNumber;
  NodeIndex node = kNoNode;
  if (literal && !signs.empty()) {
    node = NumberLiteral();
    while (!signs.empty()) {
      node = builder_.Negate(node, From(signs.back()));
      signs.pop_back();
    }
    if (Take("instance")) {
      const size_t begin = builder_.extent(node).begin;
      Expect("of", "after \"instance\"");
      Type type = TypeReference();
      node = builder_.InstanceOf(node, std::move(type), From(begin));
    }
    return node;
  }
  node = Postfix();
  for (; !signs.empty(); signs.pop_back()) node = builder_.Negate(node, From(signs.back()));
  return node;
}

NodeIndex Parser::Postfix() {
  const size_t begin = token_.begin;
  return PostfixRest(Primary(), begin);
}

NodeIndex Parser::PostfixRest(NodeIndex node, size_t begin) {
  while (!stopped_) {
    if (At(".")) {
      node = PathRest(node);
    } else if (At("[")) {
      if (ending_range_ && !StartsExpression(Peek())) return node;
      node = FilterRest(node);
    } else if (At("(")) {
      node = CallRest(node);
    } else if (At("instance")) {
      Advance();
      Expect("of", "after \"instance\"");
      Type type = TypeReference();
      node = builder_.InstanceOf(node, std::move(type), From(begin));
    } else {
      return node;
    }
  }
  return node;
}

NodeIndex Parser::Primary() {
  const size_t begin = token_.begin;
  switch (token_.kind) {
    case TokenKind::kNumber: return NumberLiteral();
    case TokenKind::kString: return StringLiteral();
    case TokenKind::kAt: return AtLiteral();
    case TokenKind::kWord:
      if (!IsKeyword(token_.text) || LongNameHere()) return Name();
      if (Take("true")) {
        return builder_.Constant(Value::Boolean(true), Type::Boolean(), From(begin));
      }
      if (Take("false")) {
        return builder_.Constant(Value::Boolean(false), Type::Boolean(), From(begin));
      }
      if (Take("null")) return builder_.Constant(Value::Null(), Type::Null(), From(begin));
      if (At("if")) return If();
      if (At("for")) return For();
      if (At("some")) return Quantified(Op::kSome);
      if (At("every")) return Quantified(Op::kEvery);
      if (At("function")) return Function();
      break;
    case TokenKind::kSymbol:
      if (At("(")) return Parenthesised();
      if (At("[") || At("]")) return ListOrRange();
      if (At("{")) return ContextLiteral();
      break;
    case TokenKind::kEnd:
    case TokenKind::kError: break;
  }
  Fail(begin, "expected an expression, found " + Describe(token_));
  return Placeholder();
}

NodeIndex Parser::If() {
  const size_t begin = token_.begin;
  Advance();
  const NodeIndex condition = Expression();
  Expect("then", "after the condition of an \"if\"");
  const NodeIndex yes = Expression();
  Expect("else", "after the first branch of an \"if\"");
  const NodeIndex no = Expression();
  return builder_.If(condition, yes, no, From(begin));
}

std::vector<Iterator> Parser::Iterators() {
  std::vector<Iterator> iterators;
  do {
    std::string name = NewName("an iteration variable", {"in"});
    Expect("in", "after an iteration variable");
    Iterator iterator;
    iterator.domain = Expression();
    if (Take("..")) iterator.last = Expression();
    Type element = iterator.last != kNoNode ? builder_.type(iterator.domain)
                                            : builder_.ElementType(iterator.domain);
    iterator.local = names_.Declare(std::move(name), std::move(element));
    iterators.push_back(iterator);
  } while (Take(","));
  return iterators;
}

NodeIndex Parser::For() {
  const size_t begin = token_.begin;
  const size_t mark = names_.Mark();
  Advance();
  const std::vector<Iterator> iterators = Iterators();
  Expect("return", "after the iterations of a \"for\"");
  const size_t partial_mark = names_.Mark();
  const uint16_t partial = names_.Declare("partial", Type::ListOf(Type::Any()));
  const NodeIndex body = Expression();
  const bool uses_partial = names_.WasUsed(partial_mark);
  names_.PopTo(mark);
  return builder_.For(iterators, body, uses_partial ? std::optional(partial) : std::nullopt,
                      From(begin));
}

NodeIndex Parser::Quantified(Op op) {
  const size_t begin = token_.begin;
  const size_t mark = names_.Mark();
  Advance();
  const std::vector<Iterator> iterators = Iterators();
  Expect("satisfies", "after the iterations of \"some\" or \"every\"");
  const NodeIndex condition = Expression();
  names_.PopTo(mark);
  return builder_.Quantified(op, iterators, condition, From(begin));
}

NodeIndex Parser::Function() {
  const size_t begin = token_.begin;
  Advance();
  Expect("(", "after \"function\"");
  const size_t mark = names_.Mark();
  names_.PushFrame();
  Lambda lambda;
  while (!stopped_ && !At(")")) {
    std::string name = NewName("a parameter", {",", ")", ":"});
    Type type = Take(":") ? TypeReference() : Type::Any();
    names_.Declare(name, type);
    lambda.parameters.push_back(std::move(name));
    lambda.parameter_types.push_back(std::move(type));
    if (!Take(",")) break;
  }
  Expect(")", "after the parameters of a function");
  if (At("external")) Fail(token_.begin, "external functions are not supported");
  lambda.body = Expression();
  Names::Frame frame = names_.PopFrame();
  names_.PopTo(mark);
  lambda.captures = std::move(frame.captures);
  lambda.frame_size = frame.size;
  return builder_.Lambda(std::move(lambda), From(begin));
}

// A comparison without its left side, or a value, range or list to be tested against.
NodeIndex Parser::OneTest() {
  const size_t begin = token_.begin;
  const auto op = ComparisonOp(token_);
  if (!op) return Expression();
  Advance();
  const NodeIndex operand = Additive();
  return builder_.Test(*op, operand, From(begin));
}

NodeIndex Parser::InTests(NodeIndex value, size_t begin) {
  std::vector<NodeIndex> tests;
  if (const auto op = ComparisonOp(token_)) {
    tests.push_back(OneTest());
  } else if (!At("(")) {
    tests.push_back(Additive());
  } else {
    const size_t parenthesis = token_.begin;
    Advance();
    const bool compared = ComparisonOp(token_).has_value();
    tests.push_back(OneTest());
    if (At("..")) {
      tests.back() = RangeRest(parenthesis, false, tests.back());
    } else {
      while (Take(",")) tests.push_back(OneTest());
      Expect(")", "after the tests of \"in\"");
      // "x in (a)[1] + b": the parentheses were not those of a list of tests.
      if (tests.size() == 1 && !compared) {
        const NodeIndex inner = PostfixRest(tests.front(), parenthesis);
        tests.front() = AdditiveRest(MultiplicativeRest(PowerRest(inner)));
      }
    }
  }
  return builder_.In(value, tests, From(begin));
}

NodeIndex Parser::Parenthesised() {
  const size_t begin = token_.begin;
  Advance();
  if (ComparisonOp(token_)) return UnaryRange(begin);
  const NodeIndex inner = Expression();
  if (At("..")) return RangeRest(begin, false, inner);
  Expect(")", "after an expression in parentheses");
  return inner;
}

// "(< 10)" as a value: the range of what is less than 10.
NodeIndex Parser::UnaryRange(size_t begin) {
  const Op op = *ComparisonOp(token_);
  const size_t at = token_.begin;
  Advance();
  const NodeIndex operand = Additive();
  Expect(")", "after a comparison in parentheses");
  const Extent all = From(begin);
  switch (op) {
    case Op::kLess: return builder_.Range(kNoNode, operand, 0, all);
    case Op::kLessEqual: return builder_.Range(kNoNode, operand, kEndIncluded, all);
    case Op::kGreater: return builder_.Range(operand, kNoNode, 0, all);
    case Op::kGreaterEqual: return builder_.Range(operand, kNoNode, kStartIncluded, all);
    case Op::kEqual: return builder_.Range(operand, kNoNode, kStartIncluded | kEndIncluded, all);
    default: break;
  }
  issues_.Error(at, "\"!=\" makes no range", "it may stand only after \"in\"");
  return builder_.Null(all);
}

NodeIndex Parser::ListOrRange() {
  const size_t begin = token_.begin;
  const bool open = At("]");
  Advance();
  if (!open && Take("]")) return builder_.List({}, From(begin));
  std::vector<NodeIndex> items{Expression()};
  if (At("..")) return RangeRest(begin, !open, items.front());
  if (open) {
    Expect("..", "in a range");
    return Placeholder();
  }
  while (Take(",")) items.push_back(Expression());
  Expect("]", "after the items of a list");
  return builder_.List(items, From(begin));
}

NodeIndex Parser::RangeRest(size_t begin, bool included, NodeIndex start) {
  Advance();
  const bool ending_range = std::exchange(ending_range_, true);
  const NodeIndex end = Additive();
  ending_range_ = ending_range;
  uint8_t flags = included ? kStartIncluded : 0;
  if (Take("]")) {
    flags |= kEndIncluded;
  } else if (!Take(")") && !Take("[")) {
    Fail(token_.begin, "expected \"]\", \")\" or \"[\" after a range, found " + Describe(token_));
  }
  return builder_.Range(start, end, flags, From(begin));
}

NodeIndex Parser::ContextLiteral() {
  const size_t begin = token_.begin;
  const size_t mark = names_.Mark();
  Advance();
  std::vector<ContextEntry> entries;
  std::set<std::string> names;
  bool twice = false;
  while (!stopped_ && !At("}")) {
    ContextEntry entry;
    const size_t key = token_.begin;
    if (token_.kind == TokenKind::kString) {
      entry.name = StringText().value_or("");
    } else {
      entry.name = NewName("the name of an entry", {":"});
    }
    Expect(":", "after the name of an entry");
    entry.node = Expression();
    if (!names.insert(entry.name).second) {
      issues_.Mismatch(key, "the entry \"" + entry.name + "\" is given twice");
      twice = true;
    }
    entry.local = names_.Declare(entry.name, builder_.type(entry.node));
    entries.push_back(std::move(entry));
    if (!Take(",")) break;
  }
  Expect("}", "after the entries of a context");
  names_.PopTo(mark);
  return twice ? builder_.Null(From(begin)) : builder_.Context(entries, From(begin));
}

NodeIndex Parser::FilterRest(NodeIndex base) {
  Advance();
  const size_t mark = names_.Mark();
  const uint16_t item = names_.DeclareItem(builder_.ElementType(base));
  const NodeIndex condition = Expression();
  names_.PopTo(mark);
  Expect("]", "after a filter");
  return builder_.Filter(base, condition, item, From(builder_.extent(base).begin));
}

NodeIndex Parser::CallRest(NodeIndex callee) {
  const std::vector<Argument> arguments = Arguments();
  return builder_.CallValue(callee, arguments, From(builder_.extent(callee).begin));
}

}  // namespace kstati::eligibility::feel
