// SPDX-License-Identifier: Apache-2.0
#include "profile/engines/postgres_values.h"

#include "base/big_endian.h"
#include "base/check.h"

namespace kstati::profile {
namespace {

constexpr uint32_t kNullLength = UINT32_MAX;
constexpr size_t kArrayHeaderBytes = 20;  // dimensions, flag, type, size, number of the first
constexpr size_t kElementTypeAt = 8;
constexpr size_t kSizeAt = 12;

template <class Number>
std::string Encoded(Number number) {
  std::string bytes;
  AppendBigEndian(number, bytes);
  return bytes;
}

}  // namespace

void PostgresArray::AddBytes(const std::optional<std::string_view>& bytes) {
  ++size_;
  if (!bytes) {
    holds_null_ = true;
    AppendBigEndian(kNullLength, elements_);
    return;
  }
  AppendBigEndian(static_cast<uint32_t>(bytes->size()), elements_);
  elements_.append(*bytes);
}

void PostgresArray::AddBigint(std::optional<int64_t> number) {
  if (!number) return AddBytes(std::nullopt);
  AddBytes(Encoded(static_cast<uint64_t>(*number)));
}

void PostgresArray::AddInteger(std::optional<int32_t> number) {
  if (!number) return AddBytes(std::nullopt);
  AddBytes(Encoded(static_cast<uint32_t>(*number)));
}

void PostgresArray::AddBoolean(bool value) { AddBytes(std::string_view(value ? "\1" : "\0", 1)); }

std::string PostgresArray::Encode() const {
  std::string bytes;
  bytes.reserve(kArrayHeaderBytes + elements_.size());
  AppendBigEndian<uint32_t>(size_ == 0 ? 0 : 1, bytes);
  AppendBigEndian<uint32_t>(holds_null_ ? 1 : 0, bytes);
  AppendBigEndian(static_cast<uint32_t>(type_), bytes);
  if (size_ == 0) return bytes;
  AppendBigEndian(size_, bytes);
  AppendBigEndian<uint32_t>(1, bytes);
  return bytes += elements_;
}

PostgresArguments& PostgresArguments::Bigint(int64_t number) {
  values_.emplace_back(Encoded(static_cast<uint64_t>(number)));
  return *this;
}

PostgresArguments& PostgresArguments::Integer(int32_t number) {
  values_.emplace_back(Encoded(static_cast<uint32_t>(number)));
  return *this;
}

PostgresArguments& PostgresArguments::Bytes(const std::optional<std::string_view>& bytes) {
  values_.emplace_back(bytes);
  return *this;
}

PostgresArguments& PostgresArguments::Array(const PostgresArray& array) {
  values_.emplace_back(array.Encode());
  return *this;
}

bool PostgresRows::IsNull(int row, int column) const {
  KSTATI_CHECK(row < size() && column < PQnfields(result_.get()));
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view PostgresRows::Bytes(int row, int column) const {
  KSTATI_CHECK(row < size() && column < PQnfields(result_.get()));
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

std::string_view PostgresRows::Field(int row, int column, size_t size) const {
  const std::string_view bytes = Bytes(row, column);
  KSTATI_CHECK(bytes.size() == size);
  return bytes;
}

int64_t PostgresRows::Bigint(int row, int column) const {
  return static_cast<int64_t>(BigEndianIn<uint64_t>(Field(row, column, sizeof(int64_t))));
}

int32_t PostgresRows::Integer(int row, int column) const {
  return static_cast<int32_t>(BigEndianIn<uint32_t>(Field(row, column, sizeof(int32_t))));
}

bool PostgresRows::Boolean(int row, int column) const { return Field(row, column, 1)[0] != 0; }

std::vector<int32_t> PostgresRows::Integers(int row, int column) const {
  const std::string_view bytes = Bytes(row, column);
  if (bytes.size() < kArrayHeaderBytes) return {};
  KSTATI_CHECK(BigEndianIn<uint32_t>(bytes.substr(kElementTypeAt, 4)) ==
               static_cast<uint32_t>(PostgresArray::Of::kInteger));
  const auto count = BigEndianIn<uint32_t>(bytes.substr(kSizeAt, 4));
  KSTATI_CHECK(bytes.size() == kArrayHeaderBytes + count * 2 * sizeof(int32_t));
  std::vector<int32_t> numbers;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = kArrayHeaderBytes + i * 2 * sizeof(int32_t) + sizeof(int32_t);
    numbers.push_back(
        static_cast<int32_t>(BigEndianIn<uint32_t>(bytes.substr(at, sizeof(int32_t)))));
  }
  return numbers;
}

}  // namespace kstati::profile
