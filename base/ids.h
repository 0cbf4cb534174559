// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/strong_id.h"

namespace kstati {

using AttributeId = Name<struct AttributeTag>;  // "person.birth_date"
using RegistryId = Name<struct RegistryTag>;    // "egr_zags"
using ServiceId = Name<struct ServiceTag>;      // "snils_newborn"
using SituationId = Name<struct SituationTag>;  // "child_birth"
using EventTypeId = Name<struct EventTypeTag>;  // "event.child_born"
using ActId = Name<struct ActTag>;              // "fz_256"
using ParameterId = Name<struct ParameterTag>;  // "pm_child"
using GroundId = Name<struct GroundTag>;        // "rg_criteria"
using EventId = Name<struct EventTag>;          // unique within its source registry
using CaseId = Name<struct CaseTag>;            // "C-000000000017-0003"
using ConsentId = Name<struct ConsentTag>;      // "K-000000000017-0001"

// A citizen's number in the population register. Text form: twelve decimal digits.
class CitizenId {
 public:
  CitizenId() = default;
  explicit constexpr CitizenId(uint64_t number) : number_(number) {}

  // Accepts one to twelve decimal digits, not all zero; anything else is kInvalidArgument.
  static Result<CitizenId> Parse(std::string_view text);

  uint64_t number() const { return number_; }
  std::string ToString() const;
  auto operator<=>(const CitizenId&) const = default;

 private:
  uint64_t number_ = 0;
};

}  // namespace kstati

template <>
struct std::hash<kstati::CitizenId> {
  size_t operator()(kstati::CitizenId id) const noexcept {
    return std::hash<uint64_t>()(id.number());
  }
};
