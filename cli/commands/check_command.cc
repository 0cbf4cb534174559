// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/clock.h"
#include "base/messages.h"
#include "cli/catalogue_check.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/config.h"
#include "cli/issue_list.h"
#include "thrift/server/access.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;

// What was looked at, for the verdict.
struct Checked {
  std::string what;  // "catalogue of 60 services, 60 examples"
  std::vector<Issue> issues;
};

bool IsCatalogue(const fs::path& folder) {
  return fs::exists(folder / "registries.yaml") || fs::exists(folder / "services");
}

bool IsMessages(const fs::path& folder) {
  return fs::exists(folder / "ru.json") || fs::exists(folder / "en.json");
}

// The catalogue that a file belongs to; empty when none.
fs::path CatalogueAround(const fs::path& file) {
  for (fs::path folder = fs::absolute(file).parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (fs::exists(folder / "registries.yaml")) return folder;
  }
  return {};
}

Date Today() { return LocalDate(SystemClock().Now(), "UTC"); }

Checked CheckCatalogueFolder(const std::string& folder) {
  CatalogueFindings findings = CheckCatalogue(folder, Today());
  return {"catalogue with " + std::to_string(findings.services) + " services, " +
              std::to_string(findings.situations) + " situations, " +
              std::to_string(findings.examples) + " examples",
          std::move(findings.issues)};
}

// One file of a catalogue is read with the whole, since files name each other's things.
Result<Checked> CheckCatalogueFile(const std::string& path) {
  const fs::path folder = CatalogueAround(path);
  if (folder.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the file belongs to no catalogue", path,
                "a catalogue folder has the file registries.yaml");
  }
  Checked checked = CheckCatalogueFolder(folder.string());
  std::erase_if(checked.issues, [&](const Issue& issue) {
    std::error_code ignored;
    return !fs::equivalent(issue.where.file, path, ignored);
  });
  checked.what = "file of the catalogue " + folder.string();
  return checked;
}

Checked CheckMessagesFolder(const std::string& folder) {
  Checked checked{"messages in Russian and English", {}};
  Messages::Load(folder, checked.issues);
  return checked;
}

Checked CheckToml(const std::string& path) {
  std::ifstream stream(path);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  if (text.find("[[token]]") != std::string::npos) {
    Checked checked{"tokens file", {}};
    thrift::AccessList::Load(path, checked.issues);
    return checked;
  }
  Checked checked{"configuration", {}};
  Config::Load(path, checked.issues);
  return checked;
}

Result<Checked> CheckPath(const std::string& path) {
  if (!fs::exists(path)) {
    return Fail(ErrorCode::kNotFound, "there is no such file or folder", path, "check the path");
  }
  if (fs::is_directory(path)) {
    if (IsCatalogue(path)) return CheckCatalogueFolder(path);
    if (IsMessages(path)) return CheckMessagesFolder(path);
  } else if (path.ends_with(".toml")) {
    return CheckToml(path);
  } else if (path.ends_with(".yaml")) {
    return CheckCatalogueFile(path);
  }
  return Fail(ErrorCode::kInvalidArgument, "it is nothing this program can check", path,
              "name a catalogue folder or file, a messages folder, kstati.toml or a tokens file");
}

std::string Verdict(const std::string& path, const Checked& checked) {
  const auto errors = std::count_if(checked.issues.begin(), checked.issues.end(),
                                    [](const auto& i) { return i.severity == Severity::kError; });
  const auto warnings = static_cast<std::ptrdiff_t>(checked.issues.size()) - errors;
  const auto counted = [](std::ptrdiff_t count, const char* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
  };
  const std::string found = errors == 0 ? "valid" : counted(errors, "error");
  return path + ": " + checked.what + ": " + found +
         (warnings == 0 ? "" : ", " + counted(warnings, "warning")) + "\n";
}

class CheckCommand final : public Command {
 public:
  std::string_view path() const override { return "check"; }
  std::string_view summary() const override {
    return "Checks catalogues, configurations, tokens and messages; shows every problem with its "
           "place.";
  }
  std::string_view examples() const override {
    return "kstati check data/catalogue\n"
           "kstati check kstati.toml data/messages data/catalogue/services/snils_newborn.yaml";
  }

  void Declare(Options& options) override {
    options.Arguments("PATH", paths_,
                      "folders and files; what they are is seen from their content");
    options.Flag("--quiet", quiet_, "says nothing when all is valid");
    options.Flag("--strict", strict_, "warnings count as problems");
  }

  // Problems are the data of this command; verdicts too.
  Result<int> Run(const Terminal& terminal) override {
    bool fine = true;
    for (const std::string& path : paths_) {
      KSTATI_TRY(const Checked checked, CheckPath(path));
      PrintIssues(terminal.out, checked.issues);
      const bool valid = strict_ ? checked.issues.empty() : !HasErrors(checked.issues);
      fine = fine && valid;
      if (!valid || !quiet_) terminal.out << Verdict(path, checked);
    }
    return fine ? kExitFine : kExitFoundProblems;
  }

 private:
  std::vector<std::string> paths_;
  bool quiet_ = false;
  bool strict_ = false;
};

}  // namespace

void AddCheck(CommandList& commands) { commands.push_back(std::make_unique<CheckCommand>()); }

}  // namespace kstati::cli
