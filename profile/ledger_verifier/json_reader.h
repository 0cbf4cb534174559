// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/ledger_verifier/merkle.h"
#include "profile/ledger_verifier/text.h"

namespace kstati::ledger_verifier {

// Reads a document of known members in known order, canonical JSON: every function takes the
// characters before a value and then the value. After the first fault each gives an empty value, so
// a reader asks once, at its end.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : cursor_(text) {}

  void Literal(std::string_view characters);
  std::string Text(std::string_view before);
  std::string Bytes(std::string_view before);
  std::string Bytes(std::string_view before, size_t size);
  uint64_t Number(std::string_view before);
  // At most 64, which a tree of 2^63 entries needs.
  std::vector<Digest> Digests(std::string_view before);

  bool ok() const { return ok_; }
  // kCorrupt, naming `what` and the place of the first fault, unless all was read without one.
  Result<void> Finish(std::string_view what) const;

 private:
  Digest OneDigest(std::string_view before);
  void Fault(std::string_view before);

  Cursor cursor_;
  bool ok_ = true;
  std::string fault_;  // the characters that come before it
};

}  // namespace kstati::ledger_verifier
