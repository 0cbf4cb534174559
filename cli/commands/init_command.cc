// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <fstream>

#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/config.h"
#include "cli/output.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;

// A family of three, as registries report it; DAY is the child's birthday.
constexpr std::array<std::string_view, 4> kEvents{
    R"({"source": "fns_erns", "id": "p17", "type": "registry.person_registered", "subject": "17",
 "occurred_on": "DAY", "participants": {"person": ["17"]},
 "facts": [{"citizen": "17", "attribute": "person.birth_date", "value": "1995-05-05"},
           {"citizen": "17", "attribute": "person.sex", "value": "female"}]})",
    R"({"source": "fns_erns", "id": "p19", "type": "registry.person_registered", "subject": "19",
 "occurred_on": "DAY", "participants": {"person": ["19"]},
 "facts": [{"citizen": "19", "attribute": "person.birth_date", "value": "1993-04-04"},
           {"citizen": "19", "attribute": "person.sex", "value": "male"}]})",
    R"({"source": "mvd_pass", "id": "m17", "type": "registry.facts", "subject": "17",
 "occurred_on": "DAY",
 "facts": [{"citizen": "17", "attribute": "person.citizenship_rf", "value": true},
           {"citizen": "17", "attribute": "person.lives_in_rf", "value": true},
           {"citizen": "17", "attribute": "person.region_code", "value": "77"}]})",
    R"({"source": "egr_zags", "id": "b18", "type": "event.child_born", "subject": "18",
 "occurred_on": "DAY", "participants": {"child": ["18"], "mother": ["17"], "father": ["19"]},
 "facts": [{"citizen": "18", "attribute": "person.birth_date", "value": "DAY"},
           {"citizen": "18", "attribute": "person.sex", "value": "female"},
           {"citizen": "18", "attribute": "person.citizenship_rf", "value": true},
           {"citizen": "18", "attribute": "doc.birth_record", "value": true}]})"};

constexpr std::string_view kReadme = R"(# A small Kstati to try

`events.jsonl` holds what registries report of a family of three: mother 17, father 19, and child
18, born on DAY. Everything is stored in this folder. Six commands, to be run here:

```
kstati check kstati.toml
kstati event ingest events.jsonl --format table
kstati situations 17 --format table
kstati suggest 17 --format table
kstati explain 17 snils_newborn --format table
kstati profile show 17 --reveal "trying the example" --format table
```

Values of facts are masked unless `--reveal` says why they are looked at; the store records who
looked, when and why. `kstati serve` runs the server on the same store; stop it before the next of
these commands, or give them `--server 127.0.0.1:9090`.
)";

std::string WithDay(std::string_view text, Date day) {
  constexpr std::string_view kPlace = "DAY";
  std::string filled(text);
  for (size_t at = filled.find(kPlace); at != std::string::npos; at = filled.find(kPlace, at)) {
    filled.replace(at, kPlace.size(), day.ToString());
  }
  return filled;
}

// One event a line.
std::string EventLines(Date day) {
  std::string lines;
  for (const std::string_view event : kEvents) {
    lines += Json::parse(WithDay(event, day)).dump() + "\n";
  }
  return lines;
}

// The shared folders by their full paths, so that the example works from anywhere.
std::string ConfigurationFor(const Config& config) {
  std::string text =
      "# Catalogue, texts and pages are shared; everything else lives in this folder.\n";
  for (const char* section : {"catalogue", "messages", "console"}) {
    const fs::path folder = fs::absolute(config.Text(std::string(section) + ".folder"));
    text += "[" + std::string(section) +
            "]\nfolder = " + Json(folder.lexically_normal().string()).dump() + "\n";
  }
  return text + "[store]\nfolder = \"store\"\n[model]\nfolder = \"model\"\n";
}

Result<void> Write(const fs::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  if (stream.flush()) return {};
  return Fail(ErrorCode::kUnavailable, "the file cannot be written", path.string(),
              "check the rights and the free space of the folder");
}

Result<void> MakeFolder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) {
    return Fail(ErrorCode::kUnavailable, "the folder cannot be made", folder.string(),
                "check the rights of the folder above");
  }
  if (fs::is_empty(folder, problem) && !problem) return {};
  return Fail(ErrorCode::kConflict, "the folder is not empty", folder.string(),
              "name one that does not exist yet");
}

class InitCommand final : public Command {
 public:
  std::string_view path() const override { return "init"; }
  std::string_view summary() const override {
    return "Writes a small example to run: a configuration, a few events and a page of commands.";
  }
  std::string_view examples() const override {
    return "kstati init demo\n"
           "kstati init /tmp/demo --config /etc/kstati/kstati.toml";
  }

  void Declare(Options& options) override {
    options.Argument("FOLDER", folder_, "folder to make");
    options.Text("--config", "FILE", config_file_,
                 "configuration that names catalogue, messages and console; without it kstati.toml "
                 "of this folder");
  }

  Result<int> Run(const Terminal& terminal) override {
    std::vector<Issue> issues;
    KSTATI_TRY(const Config config, Config::Find(config_file_, issues));
    if (!fs::is_directory(config.Text("catalogue.folder"))) {
      return Fail(ErrorCode::kNotFound, "there is no catalogue to work with",
                  config.Text("catalogue.folder"),
                  "run it where data/catalogue is, or name a configuration with --config");
    }
    const fs::path folder = folder_;
    const Date today = LocalDate(SystemClock().Now(), config.Text("time.zone"));
    KSTATI_TRY_VOID(MakeFolder(folder));
    KSTATI_TRY_VOID(Write(folder / "kstati.toml", ConfigurationFor(config)));
    KSTATI_TRY_VOID(Write(folder / "events.jsonl", EventLines(today)));
    KSTATI_TRY_VOID(Write(folder / "README.md", WithDay(kReadme, today)));
    terminal.err << "go on with: cd " << folder_ << " && cat README.md\n";
    return kExitFine;
  }

 private:
  std::string folder_;
  std::string config_file_;
};

}  // namespace

void AddInit(CommandList& commands) { commands.push_back(std::make_unique<InitCommand>()); }

}  // namespace kstati::cli
