// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/store_end.h"

#include <cinttypes>
#include <cstdio>

namespace kstati::profile {
namespace {

// Always as many bytes, so that it is written over in place.
constexpr const char* kForm = "kstati store end 1\n%020" PRIu64 "\n%020" PRIu64 "\n";
constexpr size_t kFormBytes = 19 + 21 + 21;

// Written twice, the second time with every bit the other way, so that damage shows.
std::string FormOf(uint64_t writes) {
  char form[kFormBytes + 1];
  std::snprintf(form, sizeof form, kForm, writes, ~writes);
  return form;
}

}  // namespace

StoreEnd::StoreEnd(const std::string& witness_file) : path_(witness_file + ".end"), file_(path_) {}

Result<std::optional<uint64_t>> StoreEnd::Read() const {
  KSTATI_TRY(const auto content, ledger::ReadSmallFile(path_, ledger::OverwrittenFile::kBytesMax));
  if (!content) return std::nullopt;
  uint64_t writes = 0;
  uint64_t reverse = 0;
  const int read = std::sscanf(content->c_str(), "kstati store end 1\n%20" SCNu64 "\n%20" SCNu64,
                               &writes, &reverse);
  if (read == 2 && *content == FormOf(writes)) return writes;
  return Fail(ErrorCode::kCorrupt, "the file is damaged, or not the end of a store", path_,
              "it stands beside the witness of the ledger; when that is as the store left it, "
              "move this file away");
}

Result<void> StoreEnd::Keep(uint64_t writes) { return file_.Write(FormOf(writes)); }

Result<void> CheckEnd(const StoreEnd& end, uint64_t writes) {
  KSTATI_TRY(const std::optional<uint64_t> told, end.Read());
  if (!told || writes >= *told) return {};
  return Fail(ErrorCode::kCorrupt,
              "the store has lost its last changes: it has " + std::to_string(writes) +
                  " writes, but its witness has seen " + std::to_string(*told),
              {},
              "restore the newest backup, which must be at least as new as the witness; only to "
              "give up the missing changes for good, move the witness file and the one with .end "
              "behind its name away");
}

}  // namespace kstati::profile
