// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "eligibility/feel/builtin.h"
#include "eligibility/feel/parser.h"
#include "eligibility/feel/type_rules.h"

namespace kstati::eligibility::feel {
namespace {

// Words and signs that one name may have: enough for any sentence used as a name.
constexpr size_t kMostTokensOfName = 24;

bool IsNameSymbol(const Token& token) {
  return token.kind == TokenKind::kSymbol &&
         (token.text == "." || token.text == "/" || token.text == "-" || token.text == "'" ||
          token.text == "+" || token.text == "*");
}

bool IsNameToken(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber || IsNameSymbol(token);
}

}  // namespace

std::vector<Parser::Candidate> Parser::Candidates() {
  std::vector<Candidate> candidates;
  Token token = token_;
  while (IsNameToken(token) && candidates.size() < kMostTokensOfName) {
    const std::string_view all = lexer_.text().substr(token_.begin, token.end - token_.begin);
    candidates.push_back({CanonicalName(all), token.end, candidates.size() + 1});
    token = lexer_.Read(token.end);
  }
  return candidates;
}

std::optional<std::pair<Parser::Candidate, Resolution>> Parser::KnownName(
    const std::vector<Candidate>& candidates) {
  for (size_t i = candidates.size(); i-- > 0;) {
    const Candidate& candidate = candidates[i];
    if (candidate.tokens == 1 && IsKeyword(candidate.name)) continue;
    const Token next = lexer_.Read(candidate.end);
    Resolution resolution = names_.Resolve(candidate.name, next.Is("("));
    if (resolution.form == Resolution::Form::kNone) continue;
    // "string lenght(x)": the first word of a misspelt name is not a function meant as a value.
    const bool word_follows = next.kind == TokenKind::kWord && !IsKeyword(next.text);
    if (resolution.form == Resolution::Form::kBuiltin && word_follows) continue;
    return {{candidate, std::move(resolution)}};
  }
  return std::nullopt;
}

bool Parser::LongNameHere() { return KnownName(Candidates()).has_value(); }

NodeIndex Parser::Name() {
  const std::vector<Candidate> candidates = Candidates();
  if (const auto known = KnownName(candidates)) return Resolved(known->first, known->second);
  const std::vector<uint16_t> items = names_.OpenItems();
  if (items.empty()) return UnknownName(candidates);
  // An entry of a filtered item: all plain words up to a sign or keyword are its name.
  size_t words = 0;
  Token token = token_;
  while (words < candidates.size() && token.kind == TokenKind::kWord && !IsKeyword(token.text)) {
    ++words;
    token = lexer_.Read(token.end);
  }
  const Candidate& entry = candidates[words - 1];
  const Extent at{token_.begin, entry.end};
  MoveTo(entry.end);
  NodeIndex node = kNoNode;
  for (size_t i = items.size(); i-- > 0;) node = builder_.ItemEntry(items[i], entry.name, node, at);
  return node;
}

NodeIndex Parser::Resolved(const Candidate& candidate, const Resolution& resolution) {
  const Extent at{token_.begin, candidate.end};
  MoveTo(candidate.end);
  NodeIndex node = kNoNode;
  switch (resolution.form) {
    case Resolution::Form::kLocal:
      node = builder_.Local(resolution.local, resolution.type, at);
      break;
    case Resolution::Form::kItemField: {
      const Type item = Type::ContextOf({{candidate.name, resolution.type}});
      node = builder_.Path(builder_.Local(resolution.local, item, at), candidate.name, at);
      break;
    }
    case Resolution::Form::kSlot: node = builder_.Load(resolution.id, resolution.type, at); break;
    case Resolution::Form::kNative: {
      const std::vector<Argument> arguments = Arguments();
      return builder_.CallNative(candidate.name, *resolution.native, arguments, From(at.begin));
    }
    case Resolution::Form::kBuiltin:
      if (At("(")) {
        const std::vector<Argument> arguments = Arguments();
        return builder_.CallBuiltin(resolution.id, arguments, From(at.begin));
      }
      node = builder_.Constant(
          Value::OfFunction({FunctionData::Form::kBuiltin, resolution.id, nullptr, {}}),
          Type::Of(Kind::kFunction), at);
      break;
    case Resolution::Form::kNone: return Placeholder();
  }
  for (size_t i = resolution.open_items.size(); i-- > 0;) {
    node = builder_.ItemEntry(resolution.open_items[i], candidate.name, node, at);
  }
  return node;
}

// Reports the run of words at the cursor, joined by blanks or points, as one unknown name.
NodeIndex Parser::UnknownName(const std::vector<Candidate>& candidates) {
  const size_t begin = token_.begin;
  size_t reported = 0;
  Token token = lexer_.Read(token_.end);
  for (size_t i = 1; i < candidates.size(); ++i, token = lexer_.Read(token.end)) {
    const bool word = token.kind == TokenKind::kWord && !IsKeyword(token.text);
    if (!word && !token.Is(".")) break;
    if (word) reported = i;
  }
  const std::string nearest = names_.Nearest(candidates[reported].name);
  MoveTo(candidates[reported].end);
  const bool called = At("(");
  issues_.Mismatch(begin,
                   std::string(called ? "unknown function \"" : "unknown name \"") +
                       candidates[reported].name + "\"",
                   nearest.empty() ? std::string() : "did you mean \"" + nearest + "\"?");
  if (called) Arguments();
  return builder_.Null(From(begin));
}

std::string Parser::NewName(std::string_view what, std::initializer_list<std::string_view> stops) {
  const size_t begin = token_.begin;
  size_t end = begin;
  const auto stop_here = [&] {
    return std::any_of(stops.begin(), stops.end(), [&](std::string_view stop) { return At(stop); });
  };
  while (!stopped_ && !stop_here() && IsNameToken(token_)) {
    end = token_.end;
    Advance();
  }
  const bool starts_well = end > begin && lexer_.Read(begin).kind == TokenKind::kWord;
  if (!starts_well) Fail(begin, "expected " + std::string(what));
  return CanonicalName(lexer_.text().substr(begin, end - begin));
}

std::string Parser::ArgumentName() {
  if (token_.kind != TokenKind::kWord) return {};
  Token token = token_;
  size_t end = token.end;
  while (token.kind == TokenKind::kWord || token.kind == TokenKind::kNumber ||
         IsNameSymbol(token)) {
    end = token.end;
    token = lexer_.Read(token.end);
  }
  if (!token.Is(":")) return {};
  std::string name = CanonicalName(lexer_.text().substr(token_.begin, end - token_.begin));
  MoveTo(token.end);
  return name;
}

std::vector<Argument> Parser::Arguments() {
  std::vector<Argument> arguments;
  Expect("(", "before arguments");
  while (!stopped_ && !At(")")) {
    const size_t begin = token_.begin;
    Argument argument;
    argument.name = ArgumentName();
    if (!arguments.empty() && argument.name.empty() != arguments.back().name.empty()) {
      Fail(begin, "arguments are either all named or none");
    }
    argument.node = Expression();
    arguments.push_back(std::move(argument));
    if (!Take(",")) break;
    if (At(")")) Fail(token_.begin, "expected an argument after the comma");
  }
  Expect(")", "after the arguments");
  return arguments;
}

NodeIndex Parser::PathRest(NodeIndex base) {
  const size_t dot = token_.begin;
  Advance();
  if (token_.kind != TokenKind::kWord) {
    Fail(dot, "expected a name after \".\"");
    return base;
  }
  const std::vector<Candidate> candidates = Candidates();
  Type element = builder_.type(base);
  while (element.is(Kind::kList)) element = element.element();
  const auto known = [&](const std::string& name) {
    if (element.FindField(name) != nullptr) return true;
    if (element.is_any()) {
      return name == "time offset" || name == "start included" || name == "end included";
    }
    const auto& properties = PropertiesOf(element.kind());
    return std::any_of(properties.begin(), properties.end(),
                       [&](const Property& property) { return property.name == name; });
  };
  size_t chosen = candidates.size();
  while (chosen > 0 && !known(candidates[chosen - 1].name)) --chosen;
  if (chosen == 0) {
    // Not known before evaluation: all plain words up to a sign or keyword.
    Token token = lexer_.Read(token_.end);
    chosen = 1;
    while (chosen < candidates.size() && token.kind == TokenKind::kWord && !IsKeyword(token.text)) {
      ++chosen;
      token = lexer_.Read(token.end);
    }
  }
  const Candidate& name = candidates[chosen - 1];
  const Extent at{token_.begin, name.end};
  MoveTo(name.end);
  return builder_.Path(base, name.name, at);
}

}  // namespace kstati::eligibility::feel
