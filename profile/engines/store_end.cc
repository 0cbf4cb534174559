// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/store_end.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace kstati::profile {
namespace {

constexpr std::string_view kHead = "kstati store end 2\n";
constexpr size_t kDigits = 20;  // of each number, so that the file is always as long
constexpr size_t kNumbers = 3;
constexpr size_t kFormBytes = kHead.size() + 2 * kNumbers * (kDigits + 1);

void AppendLine(uint64_t number, std::string& form) {
  const std::string digits = std::to_string(number);
  form.append(kDigits - digits.size(), '0').append(digits).push_back('\n');
}

// Each number is written twice, the second time with every bit the other way, so that damage shows.
std::string FormOf(const SeenEnd& end) {
  std::string form(kHead);
  for (const uint64_t number : {end.store, end.run, end.writes}) {
    AppendLine(number, form);
    AppendLine(~number, form);
  }
  return form;
}

uint64_t NumberIn(std::string_view form, size_t place) {
  const char* const digits = form.data() + kHead.size() + 2 * place * (kDigits + 1);
  uint64_t number = 0;
  std::from_chars(digits, digits + kDigits, number);
  return number;
}

constexpr const char* kLostChanges =
    "restore the newest backup, which must be at least as new as the witness; only to give up the "
    "missing changes for good, move the witness file and the one with .end behind its name away";

tl::unexpected<Error> Lost(uint64_t had, uint64_t seen, bool went_on) {
  return Fail(ErrorCode::kCorrupt,
              "the store has lost its last changes: it " +
                  std::string(went_on ? "went on from " : "has ") + std::to_string(had) +
                  " writes, but its witness has seen " + std::to_string(seen),
              {}, kLostChanges);
}

}  // namespace

StoreRun StoreRun::New(uint64_t after, bool is_copy) {
  StoreRun run{0, after, is_copy};
  randombytes_buf(&run.id, sizeof run.id);
  return run;
}

StoreEnd::StoreEnd(const std::string& witness_file) : path_(witness_file + ".end"), file_(path_) {}

Result<std::optional<SeenEnd>> StoreEnd::Read() const {
  const auto content = ledger::ReadSmallFile(path_, ledger::OverwrittenFile::kBytesMax);
  if (content && !*content) return std::nullopt;
  if (content && (*content)->size() == kFormBytes) {
    const SeenEnd end{NumberIn(**content, 0), NumberIn(**content, 1), NumberIn(**content, 2)};
    if (**content == FormOf(end)) return end;
  }
  if (!content && content.error().code != ErrorCode::kLimitExceeded) return Fail(content.error());
  return Fail(ErrorCode::kCorrupt, "the file is damaged, or not the end of a store", path_,
              "it stands beside the witness of the ledger; when that is as the store left it, "
              "move this file away");
}

Result<void> StoreEnd::Keep(const SeenEnd& end) { return file_.Write(FormOf(end)); }

Result<void> CheckEnd(const StoreEnd& end, const std::vector<StoreRun>& runs, uint64_t writes) {
  KSTATI_TRY(const std::optional<SeenEnd> seen, end.Read());
  if (!seen) return {};
  const auto run = std::ranges::find(runs, seen->run, &StoreRun::id);
  if (run != runs.end()) {
    const bool went_on = run + 1 != runs.end();
    const uint64_t had = went_on ? (run + 1)->after : writes;
    return had >= seen->writes ? Result<void>() : Lost(had, seen->writes, went_on);
  }
  if (runs.empty() || runs.front().id == seen->store) return Lost(writes, seen->writes, false);
  if (std::ranges::any_of(runs, &StoreRun::is_copy)) return {};
  return Fail(ErrorCode::kCorrupt, "the store is another one than its witness has seen", {},
              "name the store's own witness in ledger.witness_file; only to go on with this store, "
              "move the witness file and the one with .end behind its name away");
}

}  // namespace kstati::profile
