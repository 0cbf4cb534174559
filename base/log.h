// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/ids.h"

namespace kstati::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// A field of a log line. Values are numbers, names of things and error codes; there is no
// constructor from Pii or from a fact's value, and none may be added. A citizen is never named in a
// log.
struct Field {
  std::string_view key;
  std::variant<int64_t, double, std::string> value;

  Field(std::string_view k, int64_t v) : key(k), value(v) {}
  Field(std::string_view k, uint64_t v) : key(k), value(static_cast<int64_t>(v)) {}
  Field(std::string_view k, int v) : key(k), value(static_cast<int64_t>(v)) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string(v)) {}
  Field(std::string_view k, CitizenId) = delete;
};

// One JSON object per line on stderr: {"time":...,"level":...,"event":...,<fields>}. Thread-safe.
void Write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
void SetLevel(Level level);

inline void Info(std::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kInfo, event, fields);
}
inline void Warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kWarning, event, fields);
}
inline void Failure(std::string_view event, std::initializer_list<Field> fields = {}) {
  Write(Level::kError, event, fields);
}

}  // namespace kstati::log
