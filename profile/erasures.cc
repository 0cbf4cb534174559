// SPDX-License-Identifier: Apache-2.0
#include "profile/erasures.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "profile/ledger/durable_file.h"

namespace kstati::profile {
namespace {

tl::unexpected<Error> Refused(const std::string& path, std::string_view what) {
  return Fail(ErrorCode::kUnavailable,
              "the list of erased persons " + std::string(what) + ": " + std::strerror(errno), path,
              "check its rights and the disk, then repeat");
}

// What a crash left of a line is cut off first, so that no two lines grow together.
bool CutTail(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  off_t end = size;
  for (char last = '\n'; end > 0; --end) {
    if (pread(file, &last, 1, end - 1) != 1) return false;
    if (last == '\n') break;
  }
  return size >= 0 && (end == size || ftruncate(file, end) == 0);
}

}  // namespace

Result<void> ErasureList::Add(CitizenId citizen) {
  const std::lock_guard lock(mutex_);
  if (access(path_.c_str(), F_OK) != 0) {
    const Result<void> made = ledger::WriteNewFile(path_, "", S_IRUSR | S_IWUSR);
    if (!made && made.error().code != ErrorCode::kConflict) return made;
  }
  const int file = open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (file < 0) return Refused(path_, "cannot be written");
  const std::string line = citizen.ToString() + "\n";
  const bool written = CutTail(file) &&
                       write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       fsync(file) == 0;
  const int problem = errno;
  close(file);
  errno = problem;
  if (!written) return Refused(path_, "cannot be written");
  return {};
}

Result<std::vector<CitizenId>> ErasureList::Read() const {
  std::vector<CitizenId> citizens;
  if (access(path_.c_str(), F_OK) != 0 && errno == ENOENT) return citizens;
  std::ifstream stream(path_, std::ios::binary);
  if (!stream) return Refused(path_, "cannot be read");
  std::string line;
  while (std::getline(stream, line) && !stream.eof()) {
    const Result<CitizenId> citizen = CitizenId::Parse(line);
    if (!citizen) {
      return Fail(ErrorCode::kCorrupt, "a line of the list of erased persons is no number",
                  path_ + ":" + std::to_string(citizens.size() + 1),
                  "restore the file; without it a backup may bring erased persons back");
    }
    citizens.push_back(*citizen);
  }
  if (stream.bad()) return Refused(path_, "cannot be read");
  return citizens;
}

}  // namespace kstati::profile
