// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bilingual.h"
#include "base/decimal.h"
#include "base/ids.h"
#include "base/issue.h"
#include "base/time.h"
#include "graph/service.h"

namespace kstati::graph {

// A bound on one dimension: a word, or a range of numbers with both ends inside (either end may be
// absent). A word that is a whole number also matches that number.
struct DimensionMatch {
  std::string word;
  std::optional<int64_t> from;
  std::optional<int64_t> to;

  bool operator==(const DimensionMatch&) const = default;
};

using ParameterScalar = std::variant<Decimal, Date>;
// What a caller gives for a dimension: a word or a number.
using DimensionValue = std::variant<std::string, int64_t>;

struct ParameterValue {
  DateInterval in_force;
  std::string region;  // "RU" or a region code
  ParameterScalar value;
  std::map<std::string, DimensionMatch> when;
  Verification verification = Verification::kFromKnowledge;
  std::vector<std::string> sources;
};

// A figure of law, by date and region.
struct Parameter {
  ParameterId id;
  Bilingual name;
  std::string unit;
  ActId act;
  std::vector<std::string> dimensions;
  std::vector<ParameterValue> values;
  Location location;

  // The value in force on a day for a region and the dimensions given; null when there is none: the
  // caller must treat that as unknown, never guess. Where regions set the figure (IsRegional), the
  // federal one does not stand in for a region whose own is not loaded: it would refuse people whom
  // their region's law entitles. A value that names a dimension which was not given does not match;
  // of several that match, the one that names most wins.
  const ParameterValue* On(Date date, const std::string& region,
                           const std::map<std::string, DimensionValue>& given = {}) const;
  // Whether some region has a value of its own.
  bool IsRegional() const;
};

inline constexpr std::string_view kFederal = "RU";

// Whether some day, region and dimensions match both values equally well, so that neither would
// win.
bool Ambiguous(const ParameterValue& a, const ParameterValue& b);

}  // namespace kstati::graph
