// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/config.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;

// The words behind a command's path, the last one unfinished.
class CommandWords {
 public:
  CommandWords(const std::vector<OptionSpec>& specs, std::vector<std::string> words)
      : specs_(specs), words_(std::move(words)) {}

  // The option or argument whose value the unfinished word is; null when it is none.
  const OptionSpec* Wanted() const {
    size_t place = 0;
    const OptionSpec* waiting = nullptr;  // an option that has no value yet
    for (size_t i = 0; i + 1 < words_.size(); ++i) {
      const bool is_value = waiting != nullptr;
      waiting = is_value ? nullptr : OptionWithValue(words_[i]);
      if (!is_value && !words_[i].starts_with("-")) ++place;
    }
    return waiting != nullptr ? waiting : Positional(place);
  }

 private:
  const OptionSpec* OptionWithValue(const std::string& word) const {
    const auto spec = std::ranges::find_if(specs_, [&](const OptionSpec& option) {
      return !option.positional() && !option.value_name.empty() && option.name == word;
    });
    return spec == specs_.end() ? nullptr : &*spec;
  }

  const OptionSpec* Positional(size_t place) const {
    for (const OptionSpec& spec : specs_) {
      if (spec.positional() && (place-- == 0 || spec.many)) return &spec;
    }
    return nullptr;
  }

  const std::vector<OptionSpec>& specs_;
  std::vector<std::string> words_;
};

void AddValues(const OptionSpec& spec, const ListNames& list_names, std::set<std::string>& to) {
  to.insert(spec.words.begin(), spec.words.end());
  if (spec.names == Names::kNothing) return;
  for (std::string& name : list_names(spec.names)) to.insert(std::move(name));
}

void AddOfCommand(Command& command, std::vector<std::string> words, const ListNames& list_names,
                  std::set<std::string>& to) {
  Options options;
  command.Declare(options);
  const OptionSpec* wanted = CommandWords(options.specs(), std::move(words)).Wanted();
  if (wanted != nullptr) AddValues(*wanted, list_names, to);
  if (wanted != nullptr && !wanted->positional()) return;
  for (const OptionSpec& spec : options.specs()) {
    if (!spec.positional()) to.insert(spec.name);
  }
  to.insert("--help");
}

}  // namespace

std::vector<std::string> CompletionsFor(const CommandList& commands,
                                        const std::vector<std::string>& words,
                                        const ListNames& list_names) {
  std::set<std::string> candidates;
  const std::string unfinished = words.empty() ? "" : words.back();
  std::string line;
  for (size_t i = 0; i + 1 < words.size(); ++i) line += words[i] + " ";
  if (line.empty()) candidates.insert("--help");
  for (const auto& command : commands) {
    if (command->hidden()) continue;
    const std::string path = std::string(command->path()) + " ";
    if (path.starts_with(line)) {
      const std::string rest = path.substr(line.size());
      if (!rest.empty()) candidates.insert(rest.substr(0, rest.find(' ')));
    }
    if (!line.starts_with(path)) continue;
    const auto own = words.begin() + std::ranges::count(path, ' ');
    AddOfCommand(*command, {own, words.end()}, list_names, candidates);
  }
  std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(unfinished); });
  return {candidates.begin(), candidates.end()};
}

std::vector<std::string> NamesOfCatalogue(Names names) {
  std::vector<Issue> issues;
  const Result<Config> config = Config::Find({}, issues);
  const fs::path catalogue = config ? config->Text("catalogue.folder") : std::string();
  const fs::path folder = catalogue / (names == Names::kService ? "services" : "situations");
  std::vector<std::string> stems;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (entry->path().extension() == ".yaml") stems.push_back(entry->path().stem().string());
  }
  return stems;
}

}  // namespace kstati::cli
