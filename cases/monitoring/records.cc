// SPDX-License-Identifier: Apache-2.0
#include "cases/monitoring/records.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "base/plain_text.h"

namespace kstati::cases::monitoring {
namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<Error> FileFailure(const std::string& what, const std::string& path) {
  return Fail(ErrorCode::kUnavailable, what + ": " + std::strerror(errno), path,
              "look at the folder's rights and the room on its disk");
}

// An open file of records; with a lock for as long as it is open.
class File {
 public:
  static Result<File> Open(const std::string& path, int flags, int lock) {
    File file(path, ::open(path.c_str(), flags | O_CLOEXEC, 0640));
    if (file.descriptor_ < 0) return FileFailure("the records cannot be opened", path);
    if (::flock(file.descriptor_, lock) != 0) {
      return FileFailure("the records cannot be locked", path);
    }
    return file;
  }

  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  Result<std::string> Read() const {
    std::string text;
    std::array<char, 1 << 16> part{};
    for (;;) {
      const ssize_t count = ::read(descriptor_, part.data(), part.size());
      if (count < 0) return FileFailure("the records cannot be read", path_);
      if (count == 0) return text;
      text.append(part.data(), static_cast<size_t>(count));
    }
  }

  // Puts `line` behind the first `kept` bytes, or leaves these alone.
  Result<void> Append(size_t kept, const std::string& line) const {
    const auto end = static_cast<off_t>(kept);
    const bool written =
        ::ftruncate(descriptor_, end) == 0 &&
        ::pwrite(descriptor_, line.data(), line.size(), end) == static_cast<ssize_t>(line.size()) &&
        ::fsync(descriptor_) == 0 && (kept > 0 || SyncFolder());
    if (written) return {};
    tl::unexpected<Error> failure = FileFailure("the record cannot be written", path_);
    std::ignore = ::ftruncate(descriptor_, end);
    return failure;
  }

 private:
  // So that a file that is new is found after a loss of power.
  bool SyncFolder() const {
    const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
    const int opened =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return false;
    const bool synced = ::fsync(opened) == 0;
    ::close(opened);
    return synced;
  }

  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
};

struct Contents {
  std::vector<Record> records;
  std::string last_digest;  // empty: there is none
  size_t length = 0;        // of whole lines
};

std::optional<Record> Parse(const std::string& line, const std::string& previous) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("previous") || json["previous"] != previous) return {};
  for (const char* key : {"at", "kind"}) {
    if (!json.contains(key) || !json[key].is_string()) return {};
  }
  const bool fits = json.contains("number") && json["number"].is_number_unsigned() &&
                    json.contains("fields") && json["fields"].is_object();
  const Result<Instant> at = Instant::Parse(json["at"].get<std::string>());
  if (!fits || !at) return {};
  Record record{json["number"], *at, json["kind"], {}};
  for (const auto& [key, value] : json["fields"].items()) {
    if (!value.is_string()) return {};
    record.fields.emplace(key, value.get<std::string>());
  }
  return record;
}

Result<Contents> ContentsOf(const std::string& text, const std::string& path) {
  Contents contents;
  for (;;) {
    const size_t end = text.find('\n', contents.length);
    if (end == std::string::npos) return contents;
    const std::string line = text.substr(contents.length, end - contents.length);
    const uint64_t number = contents.records.size() + 1;
    std::optional<Record> record = Parse(line, contents.last_digest);
    if (!record || record->number != number) {
      return Fail(ErrorCode::kCorrupt, "the record does not follow from the one before it",
                  path + ":" + std::to_string(number),
                  "put the file back from a copy: records are never edited");
    }
    contents.records.push_back(*std::move(record));
    contents.last_digest = DigestOf(line);
    contents.length = end + 1;
  }
}

std::string LineOf(const Record& record, const std::string& previous) {
  Json fields = Json::object();
  for (const auto& [key, value] : record.fields) fields[key] = value;
  const Json json{{"number", record.number},
                  {"at", record.at.ToString()},
                  {"kind", record.kind},
                  {"fields", fields},
                  {"previous", previous}};
  return json.dump() + "\n";
}

}  // namespace

const std::string& Record::Get(std::string_view field) const {
  static const std::string kNone;
  const auto found = fields.find(std::string(field));
  return found == fields.end() ? kNone : found->second;
}

std::string DigestOf(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string written;
  for (const unsigned char byte : digest) {
    written += kDigits[byte >> 4U];
    written += kDigits[byte & 15U];
  }
  return written;
}

Result<std::vector<Record>> ReadRecords(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) return std::vector<Record>();
  KSTATI_TRY(const File file, File::Open(path, O_RDONLY, LOCK_SH));
  KSTATI_TRY(const std::string text, file.Read());
  KSTATI_TRY(Contents contents, ContentsOf(text, path));
  return std::move(contents.records);
}

Result<Record> AppendRecord(const std::string& path, const MakeRecord& make) {
  KSTATI_TRY(const File file, File::Open(path, O_RDWR | O_CREAT, LOCK_EX));
  KSTATI_TRY(const std::string text, file.Read());
  KSTATI_TRY(const Contents contents, ContentsOf(text, path));
  KSTATI_TRY(Record record, make(contents.records));
  record.number = contents.records.size() + 1;
  for (const auto& [name, value] : record.fields) {
    const std::optional<Issue> issue = NotPlainText(name, value);
    if (issue) return Fail(ErrorCode::kInvalidArgument, issue->text, name, issue->hint);
  }
  KSTATI_TRY_VOID(file.Append(contents.length, LineOf(record, contents.last_digest)));
  return record;
}

}  // namespace kstati::cases::monitoring
