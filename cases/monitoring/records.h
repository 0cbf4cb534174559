// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace kstati::cases::monitoring {

// One thing that whoever watches quality wrote down: an incident and what was done about it, a
// change request, feedback that was imported. Nothing in it is about a citizen.
struct Record {
  uint64_t number = 0;  // from 1, by its place
  Instant at;
  std::string kind;  // "incident.opened"
  std::map<std::string, std::string> fields;

  // Empty when absent.
  const std::string& Get(std::string_view field) const;
};

// Records are a file of JSON lines that only grows. Invariants:
// 1. Each line holds the SHA-256 of the line before it, so that nothing in the middle can be
//    changed, taken out or put in without its being seen.
// 2. A last line without its end was never acknowledged: it is no record, and the next one takes
//    its place.

// All of them, oldest first; none without a file. kCorrupt with the line that does not follow from
// the one before it.
Result<std::vector<Record>> ReadRecords(const std::string& path);

// What is to be appended, made from what is there; an error appends nothing.
using MakeRecord = std::function<Result<Record>(const std::vector<Record>&)>;
// The record as it was appended, with its number; it is on the disk then. Of several processes one
// at a time appends. kInvalidArgument for a field that is not plain text.
Result<Record> AppendRecord(const std::string& path, const MakeRecord& make);

// The SHA-256 of a text, in hexadecimal digits.
std::string DigestOf(std::string_view text);

}  // namespace kstati::cases::monitoring
