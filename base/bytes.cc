// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

namespace kstati {

ByteWriter& ByteWriter::Number(uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

ByteWriter& ByteWriter::Signed(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  return Number((bits << 1) ^ (value < 0 ? ~uint64_t{0} : 0));
}

ByteWriter& ByteWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_.append(text);
  return *this;
}

ByteWriter& ByteWriter::OptionalDay(const std::optional<Date>& date) {
  Flag(date.has_value());
  return date ? Day(*date) : *this;
}

std::string_view ByteReader::Fault() {
  ok_ = false;
  rest_ = {};
  return {};
}

uint64_t ByteReader::LongNumber() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fault();
  return 0;
}

std::optional<Date> ByteReader::OptionalDay() {
  if (!Flag()) return std::nullopt;
  return Day();
}

size_t ByteReader::Count() {
  const uint64_t count = Number();
  if (count <= rest_.size()) return count;
  Fault();
  return 0;
}

std::optional<std::string_view> TakeText(std::string_view& bytes) {
  ByteReader reader(bytes);
  const std::string_view text = reader.TextView();
  if (!reader.ok()) return std::nullopt;
  bytes = reader.rest();
  return text;
}

Result<void> ByteReader::Finish(std::string_view what) const {
  if (ok_ && rest_.empty()) return {};
  return Fail(ErrorCode::kCorrupt, "a stored " + std::string(what) + " cannot be read", {},
              "run kstati doctor and restore the store from a backup");
}

}  // namespace kstati
