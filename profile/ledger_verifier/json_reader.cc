// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger_verifier/json_reader.h"

#include <algorithm>
#include <optional>

namespace kstati::ledger_verifier {
namespace {

constexpr size_t kPathMax = 64;

}  // namespace

void JsonReader::Literal(std::string_view characters) {
  if (ok_ && !cursor_.Take(characters)) Fault(characters);
}

std::string JsonReader::Text(std::string_view before) {
  Literal(before);
  auto text = ok_ ? cursor_.TakeJsonString() : std::nullopt;
  if (!text) Fault(before);
  return ok_ ? std::move(*text) : std::string();
}

std::string JsonReader::Bytes(std::string_view before) {
  auto bytes = DecodeHex(Text(before));
  if (!bytes) Fault(before);
  return ok_ ? std::move(*bytes) : std::string();
}

std::string JsonReader::Bytes(std::string_view before, size_t size) {
  std::string bytes = Bytes(before);
  if (bytes.size() != size) Fault(before);
  return bytes;
}

uint64_t JsonReader::Number(std::string_view before) {
  const auto number = ParseNumber(Text(before));
  if (!number) Fault(before);
  return ok_ ? *number : 0;
}

Digest JsonReader::OneDigest(std::string_view before) {
  const std::string bytes = Bytes(before, sizeof(Digest));
  Digest digest{};
  if (ok_) std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

std::vector<Digest> JsonReader::Digests(std::string_view before) {
  Literal(before);
  Literal("[");
  std::vector<Digest> digests;
  while (ok_ && !cursor_.Take("]")) {
    if (digests.size() == kPathMax) Fault(before);
    digests.push_back(OneDigest(digests.empty() ? "" : ","));
  }
  return digests;
}

void JsonReader::Fault(std::string_view before) {
  if (ok_) fault_ = before;
  ok_ = false;
}

Result<void> JsonReader::Finish(std::string_view what) const {
  std::string problem = "the " + std::string(what);
  if (!ok_) {
    return Fail(ErrorCode::kCorrupt, problem + " is not in its canonical form at `" + fault_ + "`");
  }
  if (cursor_.AtEnd()) return {};
  return Fail(ErrorCode::kCorrupt, problem + " has something behind its end");
}

}  // namespace kstati::ledger_verifier
