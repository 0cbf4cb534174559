// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace kstati {

// Writes the compact binary form that stored records share: numbers as LEB128 varints (signed ones
// zigzag), texts as length and bytes. The same values always give the same bytes.
class ByteWriter {
 public:
  ByteWriter& Number(uint64_t value);
  ByteWriter& Signed(int64_t value);
  ByteWriter& Text(std::string_view text);
  ByteWriter& Flag(bool value) { return Number(value ? 1 : 0); }
  ByteWriter& Day(Date date) { return Signed(date.days); }
  ByteWriter& OptionalDay(const std::optional<Date>& date);
  ByteWriter& Moment(Instant instant) { return Signed(instant.micros); }

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what ByteWriter wrote. After the first fault every read gives a zero value and ok() is
// false, so a decoder checks once, at its end. Never reads past the input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Number() {
    if (rest_.empty() || static_cast<unsigned char>(rest_.front()) >= 0x80) return LongNumber();
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  int64_t Signed() {
    const uint64_t bits = Number();
    return static_cast<int64_t>(bits >> 1) ^ -static_cast<int64_t>(bits & 1);
  }
  std::string Text() { return std::string(TextView()); }
  // Of the input.
  std::string_view TextView() {
    const uint64_t size = Number();
    if (size > rest_.size()) return Fault();
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  bool Flag() { return Number() != 0; }
  Date Day() { return Date{Signed()}; }
  std::optional<Date> OptionalDay();
  Instant Moment() { return Instant{Signed()}; }

  // A count of items that each take at least one byte; a fault when the input cannot hold them.
  size_t Count();

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }
  // kCorrupt naming `what` unless everything was read without a fault.
  Result<void> Finish(std::string_view what) const;

 private:
  // Of several bytes, or none.
  uint64_t LongNumber();
  std::string_view Fault();

  std::string_view rest_;  // empty after a fault
  bool ok_ = true;
};

// Takes a text that ByteWriter wrote from the front of the bytes, as a view of it; nullopt when it
// is cut short.
std::optional<std::string_view> TakeText(std::string_view& bytes);

}  // namespace kstati
