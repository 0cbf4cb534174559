// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eligibility/feel/program.h"

namespace kstati::eligibility {

// kUnsupported: certificates have no notation for `what`.
tl::unexpected<Error> NoNotation(std::string_view what);

// Writes the nodes of one program in the prefix notation of certificates.
class Notation {
 public:
  // Locals are numbered from `first_local` on, so that those of programs that become one formula
  // differ. The program must outlive it.
  // `shows_relatives`: it may read lists of relatives, of whom a certificate holds no more than the
  // rule names.
  explicit Notation(const feel::Program& program, size_t first_local = 0,
                    bool shows_relatives = false)
      : program_(program),
        first_local_(first_local),
        base_(first_local),
        shows_relatives_(shows_relatives) {}
  virtual ~Notation() = default;

  // kUnsupported names the first operation that has no notation.
  Result<nlohmann::json> Of(feel::NodeIndex index) const;

  // How many numbers the locals of a program take.
  static size_t LocalsOf(const feel::Program& program) {
    return program.lambdas.empty() ? program.frame_size
                                   : kLocalsOfLambda * (program.lambdas.size() + 1);
  }

 protected:
  using Form = nlohmann::json;
  static constexpr size_t kLocalsOfLambda = 1000;

  // What stands for a name.
  virtual Result<Form> Load(uint32_t slot) const = 0;
  // The call of a function value.
  virtual Result<Form> CallValue(const feel::Node& node) const;

  std::vector<feel::NodeIndex> Children(const feel::Node& node) const;
  const feel::Program& program() const { return program_; }

 private:
  Result<Form> With(Form head, const std::vector<feel::NodeIndex>& operands) const;
  // Adds the formula of a node that may be absent.
  Result<void> AddPart(feel::NodeIndex index, const char* name, Form& form) const;
  feel::Kind KindOf(feel::NodeIndex index) const;
  bool CanRelate(const feel::Node& node) const;
  bool IsNoList(feel::NodeIndex index) const;
  const feel::Value* ConstantList(feel::NodeIndex index) const;
  bool IsWhole(feel::NodeIndex index) const;
  size_t LocalOf(size_t local) const { return base_ + local; }

  Result<Form> Path(const feel::Node& node) const;
  Result<Form> In(const feel::Node& node) const;
  Result<Form> Test(feel::NodeIndex index) const;
  Result<Form> Within(const feel::Node& range) const;
  Result<Form> Context(const feel::Node& node) const;
  Result<Form> LastEntry(const feel::Node& node) const;
  Result<Form> Convert(const feel::Node& node) const;
  Result<Form> Table(const feel::DecisionTable& table) const;
  Result<Form> Entry(const feel::Node& node) const;
  Result<Form> Filter(const feel::Node& node) const;
  Result<Form> Quantified(std::string_view word, const feel::Node& node) const;
  Result<Form> Iterators(const feel::Node& node) const;
  Result<Form> For(const feel::Node& node) const;
  Result<Form> RangeOf(const feel::Node& node) const;
  Result<Form> Function(const feel::Node& node) const;
  Result<Form> InstanceOf(const feel::Node& node) const;
  Result<Form> Call(const feel::Node& node) const;
  static std::optional<Form> TellingNames(const feel::Node& node);

  const feel::Program& program_;
  const size_t first_local_;
  mutable size_t base_;  // of the locals of the function that is being written
  const bool shows_relatives_;
};

// A type as certificates write it: null for any, "number", {"list": type}, {"context": {name:
// type}}. kUnsupported for those that certificates have no values of.
Result<nlohmann::json> TypeForm(const feel::Type& type);

// The formula unless it is larger than the verifier reads.
Result<nlohmann::json> Bounded(Result<nlohmann::json> formula);

}  // namespace kstati::eligibility
