// SPDX-License-Identifier: Apache-2.0
#include "cli/ledger_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "profile/ledger_verifier/documents.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;
namespace verifier = ledger_verifier;

constexpr size_t kDocumentBytesMax = 2 << 20;  // what the verifier accepts, and what shows it
constexpr size_t kHeadsBytesMax = 8 << 20;
constexpr const char* kHeadsFile = "/heads";
constexpr size_t kLineBytesMax = 64 << 10;  // a checkpoint with all signatures it may have

Result<std::ifstream> Opened(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (stream) return stream;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return Fail(ErrorCode::kNotFound, "there is no such file or folder", path, "check the path");
  }
  return Fail(ErrorCode::kUnavailable, "the file cannot be read", path, "check its rights");
}

// At most `most` bytes from the start of the file.
Result<std::string> ReadStart(const std::string& path, size_t most) {
  KSTATI_TRY(std::ifstream stream, Opened(path));
  std::string text(most, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (!stream.bad()) return text;
  return Fail(ErrorCode::kUnavailable, "the file cannot be read", path, "check the disk");
}

Result<std::vector<std::string>> PartsOf(const std::string& path) {
  std::error_code problem;
  if (!fs::is_directory(path, problem)) return std::vector{path};
  std::vector<std::string> parts;
  for (fs::directory_iterator part(path, problem), end; !problem && part != end;
       part.increment(problem)) {
    if (part->path().extension() == ".jsonl") parts.push_back(part->path().string());
  }
  if (parts.empty()) {
    return Fail(ErrorCode::kNotFound, "the folder has no part of an exported ledger", path,
                "the parts are files *.jsonl");
  }
  std::ranges::sort(parts);
  return parts;
}

Result<void> AddPart(const std::string& path, verifier::LogVerification& log, Progress& progress) {
  KSTATI_TRY(std::ifstream stream, Opened(path));
  std::string line(kLineBytesMax, '\0');
  for (uint64_t number = 1; stream.peek() != std::ifstream::traits_type::eof(); ++number) {
    stream.getline(line.data(), static_cast<std::streamsize>(line.size()));
    const std::string place = path + ":" + std::to_string(number);
    if (stream.fail()) return Fail(ErrorCode::kCorrupt, "the line is too long", place);
    const auto taken = static_cast<size_t>(stream.gcount());
    const size_t length = stream.eof() ? taken : taken - 1;
    if (Result<void> added = log.Add(std::string_view(line).substr(0, length)); !added) {
      return Fail(AtPlace(std::move(added).error(), place));
    }
    progress.Advance();
  }
  if (!stream.bad()) return {};
  return Fail(ErrorCode::kUnavailable, "the file cannot be read", path, "check the disk");
}

// A witness that does not verify says nothing of the log.
Error UnusableWitness(Error error) {
  if (error.code == ErrorCode::kCorrupt) error.code = ErrorCode::kInvalidArgument;
  error.message = "the witness cannot be used: " + error.message;
  return error;
}

// The log must begin with what was `seen`.
Result<verifier::LogVerification::Summary> Verify(const std::string& path,
                                                  const verifier::LogKey& key,
                                                  const std::optional<verifier::Checkpoint>& seen) {
  verifier::LogVerification log(key);
  if (seen) log.Expect(*seen);
  KSTATI_TRY(const auto parts, PartsOf(path));
  Progress progress("lines of the ledger", 0);
  for (const std::string& part : parts) KSTATI_TRY_VOID(AddPart(part, log, progress));
  auto summary = log.Finish();
  if (!summary) return Fail(AtPlace(std::move(summary).error(), path));
  return summary;
}

}  // namespace

Result<LedgerFile> KindOfLedgerFile(const std::string& path, const verifier::LogKey& key) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return LedgerFile::kLog;
  KSTATI_TRY(const std::string start, ReadStart(path, kDocumentBytesMax));
  if (verifier::IsReceipt(start)) return LedgerFile::kReceipt;
  if (start.starts_with(key.name + "\n")) return LedgerFile::kCheckpoint;
  return verifier::IsConsistency(start) ? LedgerFile::kConsistency : LedgerFile::kLog;
}

Result<std::string> ReadDocument(const std::string& path) {
  KSTATI_TRY(std::string text, ReadStart(path, kDocumentBytesMax));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<verifier::Checkpoint> ReadCheckpoint(const std::string& path, const verifier::LogKey& key) {
  KSTATI_TRY(const std::string note, ReadStart(path, kDocumentBytesMax));
  auto checkpoint = verifier::OpenCheckpoint(note, key);
  if (!checkpoint) return Fail(AtPlace(std::move(checkpoint).error(), path));
  return checkpoint;
}

Result<verifier::LogKey> ReadLogKey(const std::string& text_or_file) {
  std::error_code ignored;
  if (!fs::exists(text_or_file, ignored)) return verifier::ParseLogKey(text_or_file);
  KSTATI_TRY(const std::string text, ReadDocument(text_or_file));
  auto key = verifier::ParseLogKey(text);
  if (!key) return Fail(AtPlace(std::move(key).error(), text_or_file));
  return key;
}

std::string PartitionFolder(size_t partition, size_t partitions) {
  return std::to_string(partition) + "-of-" + std::to_string(partitions);
}

bool HasPartitions(const std::string& folder) {
  std::error_code ignored;
  return fs::is_directory(folder, ignored) && fs::exists(folder + kHeadsFile, ignored);
}

Result<VerifiedPartitions> VerifyPartitions(const std::string& folder,
                                            const verifier::LogKey& key) {
  KSTATI_TRY(const std::string note, ReadStart(folder + kHeadsFile, kHeadsBytesMax));
  const auto heads = verifier::OpenHeads(note, key);
  if (!heads) return Fail(AtPlace(heads.error(), folder + kHeadsFile));
  VerifiedPartitions verified{heads->size(), 0};
  for (size_t partition = 0; partition < heads->size(); ++partition) {
    const verifier::Checkpoint& head = (*heads)[partition];
    const std::string part = folder + "/" + PartitionFolder(partition, heads->size());
    if (head.size == 0) continue;
    KSTATI_TRY(const auto summary,
               Verify(part, verifier::KeyOfPartition(key, partition, heads->size()), head));
    if (summary.last.size != head.size) {
      return Fail(ErrorCode::kCorrupt, "the ledger goes on behind what the heads name", part);
    }
    verified.entries += head.size;
  }
  return verified;
}

Result<verifier::LogVerification::Summary> VerifyLog(const std::string& path,
                                                     const verifier::LogKey& key,
                                                     const std::string& witness) {
  if (witness.empty()) return Verify(path, key, std::nullopt);
  const Result<verifier::Checkpoint> seen = ReadCheckpoint(witness, key);
  if (!seen) return Fail(UnusableWitness(seen.error()));
  return Verify(path, key, *seen);
}

}  // namespace kstati::cli
