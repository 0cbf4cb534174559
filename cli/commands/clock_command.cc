// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <vector>

#include "cases/clock_keeping.h"
#include "cli/command_line.h"
#include "cli/commands/commands.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/system.h"
#include "graph/calendars.h"

namespace kstati::cli {
namespace {

std::string DayText(const std::optional<Date>& day) { return day ? day->ToString() : ""; }

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

void AddClock(CommandList& commands) { commands.push_back(std::make_unique<CalendarAffected>()); }

}  // namespace kstati::cli
