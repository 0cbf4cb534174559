// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eligibility/feel/scope.h"
#include "eligibility/feel/type.h"
#include "eligibility/feel/value.h"

namespace kstati::neutral {

// What is known about the values of one fact, or of one field of a list's members.
struct Fact {
  enum class Form {
    kAny,   // nothing: numbers, texts, booleans, lists and objects as they come
    kCode,  // one of `values`
    kSet,   // some of `values`
    kNumber,
    kBoolean,
    kString,
    kDate,
    kList,  // objects with `fields`, or one value of the only field, which has no name
  };

  std::string name = {};       // as the catalogue has it
  std::string feel_name = {};  // the same when it is one word of FEEL, else made into one
  Form form = Form::kAny;
  std::vector<std::string> values = {};
  std::vector<Fact> fields = {};

  eligibility::feel::Type type() const;
  // The field of a member; nullptr when there is none.
  const Fact* FindField(std::string_view field) const;
  // What one member of a set or list is.
  Fact member() const;
};

// The value that `json` stands for; nullopt when it is not one of this fact.
std::optional<eligibility::feel::Value> ValueOf(const Fact& fact, const nlohmann::json& json);

// The facts of a catalogue: the scope its rules are compiled in. A fact's slot is its index.
class Facts final : public eligibility::feel::Scope {
 public:
  // Of the array "facts" of facts.json.
  static Result<Facts> Read(const nlohmann::json& array);

  const std::vector<Fact>& all() const { return all_; }
  std::optional<uint32_t> Find(std::string_view name) const;

  std::optional<eligibility::feel::Binding> Resolve(std::string_view feel_name) const override;
  std::vector<std::string> Names() const override;

 private:
  std::vector<Fact> all_;
  std::map<std::string, uint32_t, std::less<>> by_name_;
  std::map<std::string, uint32_t, std::less<>> by_feel_name_;
};

// The word of FEEL that stands for a name of the catalogue: the name itself when it is one.
std::string FeelName(std::string_view name);

// The text of a JSON scalar: a string bare, everything else as JSON.
std::string TextOf(const nlohmann::json& json);

}  // namespace kstati::neutral
