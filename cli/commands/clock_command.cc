// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <vector>

#include "cases/clock_keeping.h"
#include "cases/consenting.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/system.h"
#include "graph/calendars.h"

namespace kstati::cli {
namespace {

std::string DayText(const std::optional<Date>& day) { return day ? day->ToString() : ""; }

Json JsonOf(const cases::ClockEntry& entry) {
  Json json{{"mark", cases::NameOf(entry.mark)},
            {"at", entry.at.ToString()},
            {"recorded_at", entry.recorded_at.ToString()}};
  if (!entry.ground.empty()) json["ground"] = entry.ground;
  if (!entry.until.empty()) json["until"] = entry.until;
  if (entry.due) json["due"] = entry.due->ToString();
  json["calendar"] = entry.calendar;
  return json;
}

std::string StateText(const cases::CaseClock& clock) {
  if (clock.Runs()) return "runs";
  return clock.Stands() ? "stands" : "stopped";
}

Json JsonOf(const cases::CaseClock& clock, const cases::Reckoning& reckoning, Instant now) {
  Json json{{"case_id", clock.case_id.text()},
            {"term", clock.term.value},
            {"unit", NameOf(clock.term.unit)},
            {"state", StateText(clock)}};
  if (!clock.calendar.empty()) json["by_calendar"] = clock.calendar;
  const auto deadline = cases::DeadlineOf(reckoning, clock);
  if (deadline && *deadline) {
    json["due"] = (*deadline)->due.ToString();
    json["breach"] = (*deadline)->breach.ToString();
    if ((*deadline)->risk) json["risk"] = (*deadline)->risk->ToString();
  } else if (!deadline) {
    json["due_note"] = deadline.error().message;
  }
  if (const auto state = cases::StateAt(reckoning, clock, now)) {
    json["passed"] = state->passed;
    json["remaining"] = state->remaining;
    json["counted_in"] = NameOf(state->unit);
    json["at_risk"] = state->at_risk;
    json["breached"] = state->breached;
  }
  json["entries"] = Json::array();
  for (const cases::ClockEntry& entry : clock.entries) json["entries"].push_back(JsonOf(entry));
  return json;
}

std::string Readable(const Json& json) {
  std::string text = json["case_id"].get<std::string>() + "  " + CellText(json["term"]) + " " +
                     CellText(json["unit"]) + ", " + CellText(json["state"]) + "\n";
  if (json.contains("by_calendar")) text += "calendar: " + CellText(json["by_calendar"]) + "\n";
  if (json.contains("due")) {
    text += "due: " + CellText(json["due"]) + ", breached from " + CellText(json["breach"]) + "\n";
  }
  if (json.contains("due_note")) text += "due: " + CellText(json["due_note"]) + "\n";
  if (json.contains("passed")) {
    text += "passed: " + CellText(json["passed"]) + ", remaining: " + CellText(json["remaining"]) +
            " " + CellText(json["counted_in"]) + "\n";
  }
  for (const Json& entry : json["entries"]) {
    text += "  " + CellText(entry["at"]) + "  " + CellText(entry["mark"]);
    for (const char* key : {"due", "ground", "until"}) {
      if (entry.contains(key)) text += std::string("  ") + key + " " + CellText(entry[key]);
    }
    text += "  [" + CellText(entry["calendar"]) + "]\n";
  }
  return text;
}

class CaseClockShow final : public Command {
 public:
  std::string_view path() const override { return "case clock"; }
  std::string_view summary() const override {
    return "Shows the legal clock of a case: what happened to it, its last day, and what is left.";
  }
  std::string_view examples() const override {
    return "kstati case clock 17 C-000000000017-0001\n"
           "kstati case clock 17 C-000000000017-0001 --data var/store --format json";
  }

  void Declare(Options& options) override {
    options.Argument("CITIZEN", citizen_, "number of the citizen");
    options.Argument("CASE", case_, "id of the case");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const CitizenId citizen, CitizenId::Parse(citizen_));
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    const cases::World& world = system->world();
    cases::Draft draft(world, world.Now());
    KSTATI_TRY_VOID(cases::RequireCase(draft, citizen, CaseId(case_)));
    KSTATI_TRY(const auto clock, cases::ClockOf(draft, citizen, CaseId(case_)));
    if (!clock) {
      return Fail(ErrorCode::kNotFound, "the case has no legal clock", case_,
                  "a clock starts when an application does");
    }
    const cases::Reckoning reckoning{world.term_calendars().Of(clock->calendar), world.time_zone};
    const Json json = JsonOf(*clock, reckoning, world.Now());
    output_.Print(terminal, json, Readable(json));
    return kExitFine;
  }

 private:
  std::string citizen_;
  std::string case_;
  Connection connection_;
  Output output_;
};

Result<void> RefuseProblems(const std::string& folder, const std::vector<Issue>& issues) {
  for (const Issue& issue : issues) {
    if (issue.severity != Severity::kError) continue;
    return Fail(ErrorCode::kInvalidArgument, "the calendars have problems", folder,
                "`kstati check " + folder + "` shows all of them");
  }
  return {};
}

Result<WorkingCalendar> CalendarIn(const std::string& folder) {
  std::vector<Issue> issues;
  WorkingCalendar calendar = LoadCalendar(folder, issues);
  KSTATI_TRY_VOID(RefuseProblems(folder, issues));
  if (!calendar.empty()) return calendar;
  return Fail(ErrorCode::kNotFound, "the folder has no calendars", folder,
              "name a folder that holds calendars/*.yaml");
}

// The calendars of a folder: the country's, and those that some keep instead. A folder that is no
// whole catalogue, and names none, changes none.
struct CalendarsOfFolder {
  WorkingCalendar country;
  std::shared_ptr<const graph::Calendars> others;

  cases::TermCalendars all() const { return {country, *others}; }
};

Result<CalendarsOfFolder> CalendarsIn(const std::string& folder, const cases::World& world) {
  KSTATI_TRY(WorkingCalendar country, CalendarIn(folder));
  const bool whole = std::filesystem::exists(folder + "/authorities.yaml");
  const bool names_others = std::filesystem::exists(folder + "/other_calendars.yaml");
  if (!whole && !names_others) return CalendarsOfFolder{std::move(country), world.calendars};
  std::vector<Issue> issues;
  std::shared_ptr<const graph::Calendars> others;
  if (whole) {
    others = LoadedCatalogue::Load(folder, issues)->calendars;
  } else {
    others = std::make_shared<const graph::Calendars>(
        graph::LoadCalendars(folder, world.catalogue(), issues));
  }
  KSTATI_TRY_VOID(RefuseProblems(folder, issues));
  return CalendarsOfFolder{std::move(country), std::move(others)};
}

class CalendarAffected final : public Command {
 public:
  std::string_view path() const override { return "calendar affected"; }
  std::string_view summary() const override {
    return "Shows exactly the running terms whose last day two production calendars do not agree "
           "on.";
  }
  std::string_view examples() const override {
    return "kstati calendar affected --from data/catalogue --to new/catalogue\n"
           "kstati calendar affected --from old --to new --data var/store --format csv";
  }

  void Declare(Options& options) override {
    options.RequiredText("--from", "FOLDER", from_, "a catalogue with the calendars of now");
    options.RequiredText("--to", "FOLDER", to_, "a catalogue with the calendars to come");
    connection_.DeclareLocal(options);
    output_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    KSTATI_TRY(const auto system, System::Open(config, StoreUse::kExisting));
    KSTATI_TRY(const CalendarsOfFolder from, CalendarsIn(from_, system->world()));
    KSTATI_TRY(const CalendarsOfFolder to, CalendarsIn(to_, system->world()));
    KSTATI_TRY(const auto moved, cases::DeadlinesMovedBy(system->world(), from.all(), to.all()));
    std::vector<Json> records;
    for (const cases::MovedDeadline& each : moved) {
      records.push_back({{"citizen", each.citizen.ToString()},
                         {"case_id", each.case_id.text()},
                         {"from", DayText(each.from)},
                         {"to", DayText(each.to)}});
    }
    output_.Print(terminal, records,
                  {{"citizen", "CITIZEN"}, {"case_id", "CASE"}, {"from", "FROM"}, {"to", "TO"}});
    return kExitFine;
  }

 private:
  std::string from_;
  std::string to_;
  Connection connection_;
  Output output_;
};

}  // namespace

void AddClock(CommandList& commands) {
  commands.push_back(std::make_unique<CaseClockShow>());
  commands.push_back(std::make_unique<CalendarAffected>());
}

}  // namespace kstati::cli
