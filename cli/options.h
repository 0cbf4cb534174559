// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kstati::cli {

// What a value names, when shells can complete it from the catalogue.
enum class Names { kNothing, kService, kSituation };

// One option or argument of a command.
struct OptionSpec {
  std::string name;             // "--citizen"; without dashes: a positional argument
  std::string value_name = {};  // "NUMBER"; empty: a flag
  std::string help = {};
  std::string otherwise = {};           // the default, as text
  std::vector<std::string> words = {};  // the allowed values, when they are few
  bool required = false;
  bool many = false;
  Names names = Names::kNothing;
  std::function<Result<void>(const std::string&)> take = {};  // called once per value given

  bool positional() const { return !name.starts_with("-"); }
};

// What a command takes. The targets must outlive the parsing and hold their defaults already.
class Options {
 public:
  void Flag(std::string name, bool& target, std::string help);
  void Text(std::string name, std::string value_name, std::string& target, std::string help,
            Names names = Names::kNothing);
  // Tells an absent option from an empty one.
  void OptionalText(std::string name, std::string value_name, std::optional<std::string>& target,
                    std::string help);
  void RequiredText(std::string name, std::string value_name, std::string& target,
                    std::string help);
  void Number(std::string name, std::string value_name, int64_t& target, int64_t least,
              int64_t most, std::string help);
  void Share(std::string name, std::string value_name, double& target, std::string help);
  void Choice(std::string name, std::string& target, std::vector<std::string> words,
              std::string help);
  void Argument(std::string name, std::string& target, std::string help,
                Names names = Names::kNothing);
  void OptionalArgument(std::string name, std::string& target, std::string help);
  // May be given several times.
  void Texts(std::string name, std::string value_name, std::vector<std::string>& targets,
             std::string help, Names names = Names::kNothing);
  void Arguments(std::string name, std::vector<std::string>& targets, std::string help);

  const std::vector<OptionSpec>& specs() const { return specs_; }

 private:
  std::vector<OptionSpec> specs_;
};

// Parses the words after the command's path. kInvalidArgument with what is wrong and a hint.
Result<void> ParseOptions(const std::vector<std::string>& words,
                          const std::vector<OptionSpec>& specs);

}  // namespace kstati::cli
