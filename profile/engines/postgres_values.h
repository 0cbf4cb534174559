// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kstati::profile {

// Values as PostgreSQL takes and gives them in its binary form. Only for the engine.

// One array argument; nullopt is NULL.
class PostgresArray {
 public:
  enum class Of : uint32_t { kBoolean = 16, kBytes = 17, kBigint = 20, kInteger = 23, kText = 25 };

  explicit PostgresArray(Of type) : type_(type) {}
  void AddBytes(const std::optional<std::string_view>& bytes);  // of kBytes and kText
  void AddBigint(std::optional<int64_t> number);
  void AddInteger(std::optional<int32_t> number);
  void AddBoolean(bool value);

  std::string Encode() const;

 private:
  Of type_;
  uint32_t size_ = 0;
  bool holds_null_ = false;
  std::string elements_;
};

// The arguments of a call in their order.
class PostgresArguments {
 public:
  PostgresArguments& Bigint(int64_t number);
  PostgresArguments& Integer(int32_t number);
  PostgresArguments& Bytes(const std::optional<std::string_view>& bytes);  // also for text
  PostgresArguments& Array(const PostgresArray& array);

  const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  std::vector<std::optional<std::string>> values_;
};

// The rows that a call returned, by row and column from 0. Asking for what is not there, or as
// another type than the column's, is a bug. Views live as long as the result.
class PostgresRows {
 public:
  PostgresRows() = default;
  explicit PostgresRows(PGresult* result) : result_(result, &PQclear) {}

  int size() const { return result_ ? PQntuples(result_.get()) : 0; }
  bool IsNull(int row, int column) const;
  int64_t Bigint(int row, int column) const;
  int32_t Integer(int row, int column) const;
  bool Boolean(int row, int column) const;
  std::string_view Bytes(int row, int column) const;  // also of text; empty when NULL
  std::vector<int32_t> Integers(int row, int column) const;

 private:
  std::string_view Field(int row, int column, size_t size) const;

  std::shared_ptr<PGresult> result_;
};

}  // namespace kstati::profile
