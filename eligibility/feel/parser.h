// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eligibility/feel/builder.h"
#include "eligibility/feel/lexer.h"
#include "eligibility/feel/names.h"

namespace kstati::eligibility::feel {

// Recursive descent over the FEEL grammar. Which words form a name depends on the names in scope
// and on types (`a.first name`), so names are resolved and nodes typed while parsing.
//
// The first syntax error stops it: from then on the current token is kEnd, every function returns
// a placeholder node, and no further syntax error is reported.
class Parser {
 public:
  // All but the text must outlive the parser; `names` has what the text may use.
  Parser(std::string_view text, Names& names, Builder& builder, const CompileOptions& options,
         IssueSink& issues);

  // The whole text as one expression.
  NodeIndex ParseExpression();
  // The whole text as unary tests of the value in a local: a condition.
  NodeIndex ParseUnaryTests(uint16_t local, const Type& type);
  // The whole text as expressions separated by commas: their list.
  NodeIndex ParseValueList();

 private:
  // One way to read the words at a place as a name.
  struct Candidate {
    std::string name;  // canonical
    size_t end = 0;
    size_t tokens = 0;
  };

  // Tokens.
  bool At(std::string_view text) const { return token_.Is(text); }
  bool Take(std::string_view text);
  void Expect(std::string_view text, std::string_view where);
  void Advance() { MoveTo(token_.end); }
  void MoveTo(size_t offset);
  void Fail(size_t offset, std::string text, std::string hint = {});
  NodeIndex Placeholder() { return builder_.Null({token_.begin, token_.begin}); }
  Extent From(size_t begin) const { return {begin, last_end_}; }
  Token Peek() { return lexer_.Read(token_.end); }

  // Expressions, loosest binding first.
  NodeIndex Expression();
  NodeIndex Disjunction();
  NodeIndex Conjunction();
  NodeIndex Comparison();
  NodeIndex Additive();
  NodeIndex Multiplicative();
  NodeIndex Power();
  NodeIndex Unary();
  NodeIndex Postfix();
  NodeIndex Primary();
  // What may follow an operand that has been read already.
  NodeIndex AdditiveRest(NodeIndex left);
  NodeIndex MultiplicativeRest(NodeIndex left);
  NodeIndex PowerRest(NodeIndex left);
  NodeIndex PostfixRest(NodeIndex node, size_t begin);

  NodeIndex If();
  NodeIndex For();
  NodeIndex Quantified(Op op);
  NodeIndex Function();
  std::vector<Iterator> Iterators();
  NodeIndex InTests(NodeIndex value, size_t begin);
  NodeIndex OneTest();
  NodeIndex PositiveTests(uint16_t local, const Type& type);
  NodeIndex PositiveTest(uint16_t local, const Type& type);
  // Whether the text is "not(...)" as a whole.
  bool NegationHere();
  void ExpectEnd();
  NodeIndex Parenthesised();
  NodeIndex UnaryRange(size_t begin);
  NodeIndex ListOrRange();
  NodeIndex RangeRest(size_t begin, bool included, NodeIndex start);
  NodeIndex ContextLiteral();
  NodeIndex NumberLiteral();
  NodeIndex StringLiteral();
  NodeIndex AtLiteral();
  NodeIndex FilterRest(NodeIndex base);
  NodeIndex PathRest(NodeIndex base);
  NodeIndex CallRest(NodeIndex callee);
  std::optional<std::string> StringText();

  // Names.
  NodeIndex Name();
  NodeIndex Resolved(const Candidate& candidate, const Resolution& resolution);
  NodeIndex UnknownName(const std::vector<Candidate>& candidates);
  std::vector<Candidate> Candidates();
  std::optional<std::pair<Candidate, Resolution>> KnownName(
      const std::vector<Candidate>& candidates);
  bool LongNameHere();
  std::vector<Argument> Arguments();
  std::string ArgumentName();
  // Words up to one of `stops`, as a new name; fails when there are none.
  std::string NewName(std::string_view what, std::initializer_list<std::string_view> stops);

  Type TypeReference();
  std::optional<Type> TypeNamed(const std::string& name) const;
  Type NamedType();
  Type ElementReference();
  Type FunctionType();
  Type ContextType();

  Lexer lexer_;
  IssueSink& issues_;
  const CompileOptions& options_;
  Names& names_;
  Builder& builder_;
  Token token_;
  size_t last_end_ = 0;  // of the token before token_
  bool stopped_ = false;
  int depth_ = 0;
  bool ending_range_ = false;  // parsing the end of a range, where "[" may close it
};

}  // namespace kstati::eligibility::feel
