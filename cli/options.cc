// SPDX-License-Identifier: Apache-2.0
// The only file that knows CLI11.
#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <deque>

#include "base/text_distance.h"

namespace kstati::cli {
namespace {

template <class T>
Result<T> ParseNumberIn(const std::string& text, T least, T most) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, value);
  if (problem == std::errc() && rest == end && value >= least && value <= most) return value;
  return Fail(ErrorCode::kInvalidArgument, "not a number in range", {},
              "give a number from " + std::to_string(least) + " to " + std::to_string(most));
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::vector<std::string> OptionNames(const std::vector<OptionSpec>& specs) {
  std::vector<std::string> names;
  for (const OptionSpec& spec : specs) {
    if (!spec.positional()) names.push_back(spec.name);
  }
  return names;
}

tl::unexpected<Error> Usage(std::string message, std::string hint) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message), {}, std::move(hint));
}

tl::unexpected<Error> Unexpected(const std::string& word, const std::vector<OptionSpec>& specs) {
  if (!word.starts_with("-")) return Usage("unexpected argument `" + word + "`", {});
  const std::string name = word.substr(0, word.find('='));
  const std::string nearest = Nearest(name, OptionNames(specs));
  return Usage("unknown option " + name, nearest.empty() ? "" : "did you mean " + nearest + "?");
}

// The values given for one option, in their order.
struct Given {
  const OptionSpec* spec;
  std::vector<std::string> values;
};

void Declare(CLI::App& app, Given& given) {
  const OptionSpec& spec = *given.spec;
  if (spec.value_name.empty() && !spec.positional()) {
    app.add_flag_callback(spec.name, [&given] { given.values.push_back("true"); });
    return;
  }
  CLI::Option* option = app.add_option(spec.name, given.values);
  if (!spec.many) option->expected(1)->allow_extra_args(false);
  if (!spec.positional() && spec.many) {  // one value each time it is given
    option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(false);
  } else if (!spec.positional()) {
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  if (spec.required) option->required();
}

}  // namespace

void Options::Flag(std::string name, bool& target, std::string help) {
  const auto take = [&target](const std::string&) -> Result<void> {
    target = true;
    return {};
  };
  specs_.push_back({.name = std::move(name), .help = std::move(help), .take = take});
}

void Options::Text(std::string name, std::string value_name, std::string& target, std::string help,
                   Names names) {
  const auto take = [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  };
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .otherwise = target,
                    .names = names,
                    .take = take});
}

void Options::OptionalText(std::string name, std::string value_name,
                           std::optional<std::string>& target, std::string help) {
  const auto take = [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  };
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .take = take});
}

void Options::RequiredText(std::string name, std::string value_name, std::string& target,
                           std::string help) {
  Text(std::move(name), std::move(value_name), target, std::move(help));
  specs_.back().required = true;
}

void Options::Number(std::string name, std::string value_name, int64_t& target, int64_t least,
                     int64_t most, std::string help) {
  const auto take = [&target, least, most](const std::string& value) -> Result<void> {
    KSTATI_TRY(target, ParseNumberIn<int64_t>(value, least, most));
    return {};
  };
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .otherwise = std::to_string(target),
                    .take = take});
}

void Options::Share(std::string name, std::string value_name, double& target, std::string help) {
  const auto take = [&target](const std::string& value) -> Result<void> {
    KSTATI_TRY(target, ParseNumberIn<double>(value, 0, 1));
    return {};
  };
  std::string otherwise = std::to_string(target);
  otherwise.erase(otherwise.find_last_not_of('0') + 1);
  if (otherwise.ends_with('.')) otherwise.pop_back();
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .otherwise = std::move(otherwise),
                    .take = take});
}

void Options::Choice(std::string name, std::string& target, std::vector<std::string> words,
                     std::string help) {
  const auto take = [&target, words](const std::string& value) -> Result<void> {
    if (std::find(words.begin(), words.end(), value) == words.end()) {
      const std::string nearest = Nearest(value, words);
      return Usage(
          "`" + value + "` is not one of the words it takes",
          nearest.empty() ? "use one of: " + Joined(words) : "did you mean " + nearest + "?");
    }
    target = value;
    return {};
  };
  std::string value_name;
  for (const std::string& word : words) value_name += (value_name.empty() ? "" : "|") + word;
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .otherwise = target,
                    .words = std::move(words),
                    .take = take});
}

void Options::Argument(std::string name, std::string& target, std::string help, Names names) {
  Text(std::move(name), {}, target, std::move(help), names);
  specs_.back().value_name = specs_.back().name;
  specs_.back().required = true;
}

void Options::OptionalArgument(std::string name, std::string& target, std::string help) {
  Argument(std::move(name), target, std::move(help));
  specs_.back().required = false;
}

void Options::Arguments(std::string name, std::vector<std::string>& targets, std::string help) {
  const auto take = [&targets](const std::string& value) -> Result<void> {
    targets.push_back(value);
    return {};
  };
  std::string value_name = name;
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .required = true,
                    .many = true,
                    .take = take});
}

void Options::Texts(std::string name, std::string value_name, std::vector<std::string>& targets,
                    std::string help, Names names) {
  const auto take = [&targets](const std::string& value) -> Result<void> {
    targets.push_back(value);
    return {};
  };
  specs_.push_back({.name = std::move(name),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .many = true,
                    .names = names,
                    .take = take});
}

Result<void> ParseOptions(const std::vector<std::string>& words,
                          const std::vector<OptionSpec>& specs) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::deque<Given> all;  // CLI11 keeps references
  for (const OptionSpec& spec : specs) {
    all.push_back({&spec, {}});
    Declare(app, all.back());
  }
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
  } catch (const CLI::RequiredError&) {
    for (const OptionSpec& spec : specs) {
      const CLI::Option* option = app.get_option_no_throw(spec.name);
      if (spec.required && option != nullptr && option->count() == 0) {
        return Usage(spec.name + " is missing",
                     "give " + spec.name + (spec.positional() ? "" : " " + spec.value_name));
      }
    }
    return Usage("an option is missing", {});
  } catch (const CLI::ArgumentMismatch& problem) {
    const std::string text = problem.what();
    const std::string name = text.substr(0, text.find(':'));
    if (text.find("At Most") == std::string::npos) return Usage(name + " needs a value", {});
    return Usage("too many values for " + name, "give one; put a text with blanks in quotes");
  } catch (const CLI::ParseError& problem) {
    return Usage(problem.what(), {});
  }
  const std::vector<std::string> extras = app.remaining();
  if (!extras.empty()) return Unexpected(extras.front(), specs);
  for (const Given& given : all) {
    for (const std::string& value : given.values) {
      const Result<void> taken = given.spec->take(value);
      if (!taken) return Fail(AtPlace(taken.error(), given.spec->name));
    }
  }
  return {};
}

}  // namespace kstati::cli
