// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/clock.h"
#include "base/messages.h"
#include "cli/catalogue_check.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/config.h"
#include "cli/issue_list.h"
#include "eligibility/dmn/decision_model.h"
#include "eligibility/dmn/model_loader.h"
#include "thrift/server/access.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGiven = "-";  // standard input

// What was looked at, for the verdict.
struct Checked {
  std::string what;  // "catalogue of 60 services, 60 examples"
  std::vector<Issue> issues;
  std::map<ServiceId, size_t> open = {};  // as CatalogueFindings::open, and what follows
  std::vector<eligibility::SituationProof> proofs = {};
  std::vector<ServiceId> undecided = {};
};

std::string Counted(size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

bool IsCatalogue(const fs::path& folder) {
  return fs::exists(folder / "registries.yaml") || fs::exists(folder / "services");
}

bool IsMessages(const fs::path& folder) {
  return fs::exists(folder / "ru.json") || fs::exists(folder / "en.json");
}

// The catalogue that a file belongs to, named the way the file is; empty when none.
fs::path CatalogueAround(const fs::path& file) {
  for (fs::path folder = fs::absolute(file).parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (!fs::exists(folder / "registries.yaml")) continue;
    return file.is_absolute() ? folder : fs::proximate(folder);
  }
  return {};
}

Date Today() { return LocalDate(SystemClock().Now(), "UTC"); }

Checked CheckCatalogueFolder(const std::string& folder) {
  CatalogueFindings findings = CheckCatalogue(folder, Today());
  return {"catalogue with " + Counted(findings.services, "service") + ", " +
              Counted(findings.situations, "situation") + ", " +
              Counted(findings.examples, "example"),
          std::move(findings.issues), std::move(findings.open), std::move(findings.proofs),
          std::move(findings.undecided)};
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

Checked CheckToml(const std::string& text, const std::string& name) {
  if (text.find("[[token]]") != std::string::npos) {
    Checked checked{"tokens file", {}};
    thrift::AccessList::Parse(text, name, checked.issues);
    return checked;
  }
  Checked checked{"configuration", {}};
  Config::Parse(text, name, checked.issues);
  return checked;
}

// A decision model with those it imports.
Checked CheckModel(const std::string& path) {
  namespace dmn = eligibility::dmn;
  Checked checked;
  const dmn::DecisionModel model(dmn::LoadModels(path, checked.issues), checked.issues);
  const auto& elements = model.elements();
  const auto decisions = std::ranges::count_if(elements, [](const dmn::Element& element) {
    return element.kind == dmn::ElementKind::kDecision;
  });
  checked.what = "model with " + Counted(static_cast<size_t>(decisions), "decision");
  return checked;
}

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

Result<Checked> CheckPath(const std::string& path) {
  if (!fs::exists(path)) {
    return Fail(ErrorCode::kNotFound, "there is no such file or folder", path, "check the path");
  }
  if (fs::is_directory(path)) {
    if (IsCatalogue(path)) return CheckCatalogueFolder(path);
    if (IsMessages(path)) return CheckMessagesFolder(path);
  } else if (path.ends_with(".toml")) {
    std::ifstream stream(path);
    return CheckToml(ReadAll(stream), path);
  } else if (path.ends_with(".yaml")) {
    return CheckCatalogueFile(path);
  } else if (path.ends_with(".dmn")) {
    return CheckModel(path);
  }
  return Fail(ErrorCode::kInvalidArgument, "it is nothing this program can check", path,
              "name a catalogue folder or file, a decision model (.dmn), a messages folder, "
              "kstati.toml or a tokens file");
}

std::string LineOf(const std::string& text, int line) {
  std::istringstream stream(text);
  std::string found;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(stream, found)) return {};
  }
  return found;
}

// Whether the first line that says something is "key: ..." and not "key = ..." or "[section]".
bool IsYaml(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos && line[first] != '#') return line.find(':') < line.find('=');
  }
  return false;
}

// Of what stands on standard input only a file that is complete in itself can be checked.
Result<Checked> CheckGiven(const std::string& text) {
  if (!IsYaml(text)) return CheckToml(text, std::string(kGiven));
  return Fail(ErrorCode::kInvalidArgument, "a file of a catalogue is checked with the whole of it",
              "standard input", "give its path, or the path of the catalogue folder");
}

// What the linter could not settle: a flaw may hide there.
std::string StayedOpen(const std::map<ServiceId, size_t>& open) {
  if (open.empty()) return {};
  size_t questions = 0;
  std::string services;
  for (const auto& [service, count] : open) {
    questions += count;
    services += (services.empty() ? "" : ", ") + service.text();
  }
  return "; " + Counted(questions, "question") +
         " of the linter stayed open, with too many combinations of facts to try them all: " +
         services;
}

// What was proven of the situations and services, and what was not.
std::string Achievable(const Checked& checked) {
  if (checked.proofs.empty()) return {};
  const auto proven =
      std::ranges::count_if(checked.proofs, &eligibility::SituationProof::is_proven);
  std::string text = proven == std::ssize(checked.proofs)
                         ? "; every situation achievable"
                         : "; " + std::to_string(proven) + " of " +
                               Counted(checked.proofs.size(), "situation") + " achievable";
  for (const eligibility::SituationProof& proof : checked.proofs) {
    for (const AttributeId& goal : proof.open) {
      text += "; whether anybody reaches " + goal.text() + " of " + proof.situation.text() +
              " stayed open";
    }
  }
  for (const ServiceId& service : checked.undecided) {
    text += "; whether anybody gets " + service.text() + " stayed open";
  }
  return text;
}

std::string Verdict(const std::string& path, const Checked& checked) {
  const auto errors = std::count_if(checked.issues.begin(), checked.issues.end(),
                                    [](const auto& i) { return i.severity == Severity::kError; });
  const size_t warnings = checked.issues.size() - static_cast<size_t>(errors);
  const std::string found = errors == 0 ? "valid" : Counted(static_cast<size_t>(errors), "error");
  return path + ": " + checked.what + ": " + found +
         (warnings == 0 ? "" : ", " + Counted(warnings, "warning")) + Achievable(checked) +
         StayedOpen(checked.open) + "\n";
}

class CheckCommand final : public Command {
 public:
  std::string_view path() const override { return "check"; }
  std::string_view summary() const override {
    return "Checks catalogues, decision models, configurations, tokens and messages; shows every "
           "problem with its place.";
  }
  std::string_view examples() const override {
    return "kstati check data/catalogue\n"
           "kstati check kstati.toml data/messages data/catalogue/services/snils_newborn.yaml\n"
           "kstati check - < kstati.toml";
  }

  void Declare(Options& options) override {
    options.Arguments("PATH", paths_,
                      "folders and files; what they are is seen from their content; - for a "
                      "configuration or tokens file on standard input");
    options.Flag("--quiet", quiet_, "says nothing when all is valid");
    options.Flag("--proofs", proofs_,
                 "shows of each situation who reaches its goals, and by which services");
    options.Flag("--strict", strict_, "warnings alone give exit code 3");
    color_.Declare(options);
  }

  // Problems are the data of this command; verdicts too.
  Result<int> Run(const Terminal& terminal) override {
    bool errors = false;
    bool warnings = false;
    for (const std::string& path : paths_) {
      const std::string given = path == kGiven ? ReadAll(terminal.in) : std::string();
      KSTATI_TRY(const Checked checked, path == kGiven ? CheckGiven(given) : CheckPath(path));
      PrintIssues(terminal.out, color_.For(terminal), checked.issues,
                  [&](const std::string& file, int line) {
                    return file == kGiven ? LineOf(given, line) : ReadSourceLine(file, line);
                  });
      for (const eligibility::SituationProof& proof : checked.proofs) {
        if (proofs_) terminal.out << eligibility::ToText(proof);
      }
      errors = errors || HasErrors(checked.issues);
      warnings = warnings || !checked.issues.empty();
      const bool fine = strict_ ? checked.issues.empty() : !HasErrors(checked.issues);
      if (!fine || !quiet_) terminal.out << Verdict(path, checked);
    }
    if (errors) return kExitFoundProblems;
    return warnings && strict_ ? kExitFoundWarnings : kExitFine;
  }

 private:
  std::vector<std::string> paths_;
  bool quiet_ = false;
  bool proofs_ = false;
  bool strict_ = false;
  ColorOption color_;
};

}  // namespace

void AddCheck(CommandList& commands) { commands.push_back(std::make_unique<CheckCommand>()); }

}  // namespace kstati::cli
