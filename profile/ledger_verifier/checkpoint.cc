// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/checkpoint.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "profile/ledger_verifier/text.h"

namespace kstati::ledger_verifier {
namespace {

constexpr size_t kNoteBytesMax = 16 << 10;  // of ours under a thousand are used
constexpr size_t kHeadsBytesMax = 8 << 20;
constexpr uint64_t kPartitionsMax = 1 << 16;
constexpr int kSignaturesMax = 16;
constexpr size_t kNameBytesMax = 300;
constexpr size_t kKeyIdBytes = 4;
constexpr std::string_view kAlgorithm = "\1";  // Ed25519

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  return std::ranges::none_of(name, [](char c) { return c <= ' ' || c >= '\x7F' || c == '+'; });
}

std::string_view AsText(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

template <size_t size>
std::array<unsigned char, size> AsArray(std::string_view bytes) {
  std::array<unsigned char, size> array{};
  std::copy_n(bytes.begin(), size, array.begin());
  return array;
}

tl::unexpected<Error> NotAKey(const char* problem) {
  return Fail(ErrorCode::kInvalidArgument, std::string("the log's public key ") + problem, {},
              "give the key as its owner published it: NAME+KEYID+BASE64");
}

tl::unexpected<Error> Refused(const char* problem) { return Fail(ErrorCode::kCorrupt, problem); }

// What stands behind the key id of the log's signature; nullopt when it is not the log's.
std::optional<std::string> SignatureOf(const LogKey& key, std::string_view name,
                                       const std::string& bytes) {
  if (name != key.name || bytes.substr(0, kKeyIdBytes) != key.id) return std::nullopt;
  return bytes.substr(kKeyIdBytes);
}

bool Verifies(const LogKey& key, std::string_view text, std::string_view signature) {
  if (signature.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size(), key.bytes.data()) == 0;
}

Result<void> CheckSignatures(Cursor lines, std::string_view text, const LogKey& key) {
  bool verified = false;
  for (int count = 0; !lines.AtEnd(); ++count) {
    if (count == kSignaturesMax) return Refused("the checkpoint has too many signatures");
    if (!lines.Take("\u2014 ")) return Refused("a signature of the checkpoint has no dash");
    const auto name = lines.TakeUntil(' ');
    const auto encoded = lines.TakeUntil('\n');
    if (!name || !encoded || !IsName(*name)) {
      return Refused("a signature of the checkpoint has no name");
    }
    const auto bytes = DecodeBase64(*encoded);
    if (!bytes || bytes->size() <= kKeyIdBytes) {
      return Refused("a signature of the checkpoint is not base64");
    }
    const auto signature = SignatureOf(key, *name, *bytes);
    if (!signature) continue;
    if (!Verifies(key, text, *signature)) {
      return Refused("the log's signature of the checkpoint is wrong");
    }
    verified = true;
  }
  if (!verified) return Refused("the checkpoint is not signed with the log's key");
  return {};
}

}  // namespace

Result<LogKey> ParseLogKey(std::string_view text) {
  Cursor cursor(text);
  const auto name = cursor.TakeUntil('+');
  if (!name || !IsName(*name)) return NotAKey("begins with no name");
  const auto id_text = cursor.TakeUntil('+');
  const auto id = id_text ? DecodeHex(*id_text) : std::nullopt;
  if (!id || id->size() != kKeyIdBytes) return NotAKey("has no key id of eight digits");
  const size_t before = name->size() + 1 + id_text->size() + 1;
  const auto bytes = DecodeBase64(text.substr(before));
  if (!bytes || bytes->size() != kAlgorithm.size() + 32 || !bytes->starts_with(kAlgorithm)) {
    return NotAKey("is not an Ed25519 key in base64");
  }
  const std::string_view key = std::string_view(*bytes).substr(kAlgorithm.size());
  const std::string named = std::string(*name) + "\n" + *bytes;
  if (AsText(Sha256(named)).substr(0, kKeyIdBytes) != *id) {
    return NotAKey("has a key id that does not belong to it");
  }
  return LogKey{std::string(*name), *id, AsArray<32>(key)};
}

Result<Checkpoint> OpenCheckpoint(std::string_view note, const LogKey& key) {
  if (note.size() > kNoteBytesMax) return Refused("the checkpoint is too long");
  Cursor lines(note);
  const auto origin = lines.TakeUntil('\n');
  if (!origin || *origin != key.name) return Refused("the checkpoint is not of this log");
  const auto size_line = lines.TakeUntil('\n');
  const auto size = size_line ? ParseNumber(*size_line) : std::nullopt;
  if (!size) return Refused("the checkpoint states no number of entries");
  const auto root_line = lines.TakeUntil('\n');
  const auto root = root_line ? DecodeBase64(*root_line) : std::nullopt;
  if (!root || root->size() != sizeof(Digest)) return Refused("the checkpoint states no root");
  if (!lines.Take("\n")) return Refused("the checkpoint has no empty line after the root");
  const size_t text_bytes = origin->size() + size_line->size() + root_line->size() + 3;
  KSTATI_TRY_VOID(CheckSignatures(lines, note.substr(0, text_bytes), key));
  return Checkpoint{*size, AsArray<sizeof(Digest)>(*root)};
}

LogKey KeyOfPartition(const LogKey& key, size_t partition, size_t partitions) {
  if (partitions == 1) return key;
  LogKey made = key;
  made.name += "/" + std::to_string(partition) + "-of-" + std::to_string(partitions);
  const std::string bytes(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
  const Digest digest = Sha256(made.name + "\n" + std::string(kAlgorithm) + bytes);
  made.id = std::string(AsText(digest).substr(0, kKeyIdBytes));
  return made;
}

Result<std::vector<Checkpoint>> OpenHeads(std::string_view note, const LogKey& key) {
  if (note.size() > kHeadsBytesMax) return Refused("the note of the heads is too long");
  Cursor lines(note);
  const auto origin = lines.TakeUntil('\n');
  if (!origin || *origin != key.name + "/partitions") {
    return Refused("the heads are not of this store");
  }
  const auto count_line = lines.TakeUntil('\n');
  const auto count = count_line ? ParseNumber(*count_line) : std::nullopt;
  if (!count || *count == 0 || *count > kPartitionsMax) {
    return Refused("the note of the heads states no number of partitions");
  }
  size_t text_bytes = origin->size() + count_line->size() + 2;
  std::vector<Checkpoint> heads;
  while (heads.size() < *count) {
    const auto size_text = lines.TakeUntil(' ');
    const auto root_text = size_text ? lines.TakeUntil('\n') : std::nullopt;
    const auto size = root_text ? ParseNumber(*size_text) : std::nullopt;
    const auto root = size ? DecodeBase64(*root_text) : std::nullopt;
    if (!root || root->size() != sizeof(Digest)) {
      return Refused("a line of the heads is not a size and a root");
    }
    text_bytes += size_text->size() + root_text->size() + 2;
    heads.push_back({*size, AsArray<sizeof(Digest)>(*root)});
  }
  if (!lines.Take("\n")) return Refused("the heads have no empty line after the last one");
  KSTATI_TRY_VOID(CheckSignatures(lines, note.substr(0, text_bytes), key));
  return heads;
}

}  // namespace kstati::ledger_verifier
