// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>
#include <memory>

#include "base/check.h"
#include "base/clock.h"

namespace kstati::log {
namespace {

spdlog::level::level_enum LevelOf(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  KSTATI_CHECK(false);
  return spdlog::level::off;
}

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
  }
  KSTATI_CHECK(false);
  return {};
}

// Lives as long as the process: other threads may still write while it ends.
spdlog::logger& Logger() {
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("kstati", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *logger;
}

void AppendQuoted(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (c == '\n') {
      line += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      line += fmt::format("\\u{:04x}", byte);
    } else {
      line += c;
    }
  }
  line += '"';
}

void AppendValue(std::string& line, const std::variant<int64_t, double, std::string>& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    AppendQuoted(line, *text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    line += std::isfinite(*number) ? fmt::format("{}", *number) : "null";  // JSON has no infinity
  } else {
    line += std::to_string(std::get<int64_t>(value));
  }
}

}  // namespace

void Write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  spdlog::logger& logger = Logger();
  const spdlog::level::level_enum spdlog_level = LevelOf(level);
  if (!logger.should_log(spdlog_level)) return;
  std::string line = "{\"time\":";
  AppendQuoted(line, SystemClock().Now().ToString());
  line += ",\"level\":";
  AppendQuoted(line, NameOf(level));
  line += ",\"event\":";
  AppendQuoted(line, event);
  for (const Field& field : fields) {
    line += ',';
    AppendQuoted(line, field.key);
    line += ':';
    AppendValue(line, field.value);
  }
  line += '}';
  logger.log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

void SetLevel(Level level) { Logger().set_level(LevelOf(level)); }

}  // namespace kstati::log
