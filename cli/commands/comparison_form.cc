// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/comparison_form.h"

#include <string>

namespace kstati::cli {

namespace monitoring = cases::monitoring;

Json CompareOne(const monitoring::EventLog& log, monitoring::Measure measure,
                const monitoring::Sides& sides, const Certainty& certainty) {
  const std::vector<double> before = ValuesOf(log, measure, sides.before);
  const std::vector<double> after = ValuesOf(log, measure, sides.after);
  const Result<monitoring::Comparison> found =
      monitoring::Compare(before, after, certainty.confidence, certainty.seed);
  Json json{{"measure", std::string(NameOf(measure))},
            {"before_count", before.size()},
            {"after_count", after.size()}};
  json["before"] = found ? Json(found->before) : Json();
  json["after"] = found ? Json(found->after) : Json();
  json["difference"] = found ? Json(found->difference) : Json();
  json["low"] = found ? Json(found->low) : Json();
  json["high"] = found ? Json(found->high) : Json();
  json["differs"] = found ? Json(found->differs()) : Json();
  return json;
}

std::vector<Json> CompareAll(const monitoring::EventLog& log, const monitoring::Sides& sides,
                             const Certainty& certainty) {
  std::vector<Json> all;
  for (const monitoring::Measure measure : monitoring::AllMeasures()) {
    all.push_back(CompareOne(log, measure, sides, certainty));
  }
  return all;
}

std::vector<Column> ComparisonColumns() {
  return {{"measure", "MEASURE"},  {"before", "BEFORE", "-"}, {"before_count", "VALUES"},
          {"after", "AFTER", "-"}, {"after_count", "VALUES"}, {"difference", "DIFFERENCE", "-"},
          {"low", "FROM", "-"},    {"high", "TO", "-"}};
}

}  // namespace kstati::cli
