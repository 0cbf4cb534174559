// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "profile/ledger/compact_range.h"
#include "profile/ledger/encoding.h"

namespace kstati::profile::ledger {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";
constexpr size_t kRootLine = 2;
constexpr size_t kFirstSignatureLine = 4;

std::string Text(const std::string& origin, const Checkpoint& checkpoint) {
  return origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         ToBase64(BytesOf(checkpoint.root)) + "\n";
}

tl::unexpected<Error> Refused(std::string message, size_t line) {
  return Fail(ErrorCode::kCorrupt, std::move(message),
              "checkpoint, line " + std::to_string(line + 1));
}

std::vector<std::string_view> LinesOf(std::string_view note) {
  std::vector<std::string_view> lines;
  while (!note.empty()) {
    const size_t end = note.find('\n');
    lines.push_back(note.substr(0, end));
    note.remove_prefix(end + 1);
  }
  return lines;
}

std::optional<uint64_t> ParseSize(std::string_view text) {
  uint64_t size = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool canonical = problem == std::errc() && std::to_string(size) == text;
  return canonical && size <= CompactRange::kSizeMax ? std::optional(size) : std::nullopt;
}

// "— NAME BASE64": of a key id and what the algorithm gives.
struct SignatureLine {
  std::string_view name;
  std::string bytes;
};

std::optional<SignatureLine> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  const std::string_view name = line.substr(0, space);
  const auto bytes = FromBase64(line.substr(space + 1));
  if (!IsKeyName(name) || !bytes || bytes->size() <= 4) return std::nullopt;
  return SignatureLine{name, *bytes};
}

bool IsBy(const SignatureLine& line, const PublicKey& key) {
  return line.name == key.name() && line.bytes.starts_with(key.key_id());
}

bool Verifies(const SignatureLine& line, const std::string& text, const PublicKey& key) {
  Signature signature;
  if (line.bytes.size() != key.key_id().size() + signature.size()) return false;
  std::copy(line.bytes.begin() + static_cast<std::ptrdiff_t>(key.key_id().size()), line.bytes.end(),
            signature.begin());
  return key.Verifies(text, signature);
}

}  // namespace

std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return SignedNote(Text(key.public_key().name(), checkpoint), key);
}

std::string SignedNote(const std::string& text, const SigningKey& key) {
  const PublicKey& public_key = key.public_key();
  const Signature signature = key.Sign(text);
  const std::string bytes =
      std::string(public_key.key_id()) + std::string(signature.begin(), signature.end());
  return text + "\n" + std::string(kSignaturePrefix) + public_key.name() + " " + ToBase64(bytes) +
         "\n";
}

Result<Checkpoint> ReadCheckpoint(std::string_view note, const PublicKey& key) {
  if (note.size() > kNoteBytesMax) return Refused("it is too long for a checkpoint", 0);
  if (!note.ends_with('\n')) return Refused("its last line is not finished", 0);
  const std::vector<std::string_view> lines = LinesOf(note);
  if (lines.size() <= kFirstSignatureLine) return Refused("it has too few lines", lines.size());
  if (lines[0] != key.name()) return Refused("it is not of the log " + key.name(), 0);
  const auto size = ParseSize(lines[1]);
  if (!size) return Refused("this is not a number of entries", 1);
  const auto root = FromBase64(lines[kRootLine]);
  if (!root || root->size() != Hash::kSize) return Refused("this is not a root hash", kRootLine);
  if (!lines[kRootLine + 1].empty()) return Refused("no line may follow the root", kRootLine + 1);
  if (lines.size() - kFirstSignatureLine > kNoteSignaturesMax) {
    return Refused("it has too many signatures", kFirstSignatureLine + kNoteSignaturesMax);
  }

  Checkpoint checkpoint{*size, {}};
  std::ranges::copy(*root, checkpoint.root.bytes.begin());
  const std::string text = Text(key.name(), checkpoint);
  bool is_signed = false;
  for (size_t i = kFirstSignatureLine; i < lines.size(); ++i) {
    const auto line = ParseSignatureLine(lines[i]);
    if (!line) return Refused("this is not a signature", i);
    if (!IsBy(*line, key)) continue;
    if (!Verifies(*line, text, key)) return Refused("the signature is wrong", i);
    is_signed = true;
  }
  if (!is_signed) return Refused("the log's key has not signed it", kFirstSignatureLine);
  return checkpoint;
}

}  // namespace kstati::profile::ledger
