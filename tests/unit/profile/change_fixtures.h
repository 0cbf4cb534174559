// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "profile/engines/engine.h"
#include "tests/unit/profile/profile_fixtures.h"

namespace kstati::profile {

// Changes step by step: Changing(kAnna).Puts("a", "1").
class Changing {
 public:
  explicit Changing(CitizenId citizen, Instant now = At(0)) {
    change_.now = now;
    change_.citizens.emplace_back().citizen = citizen;
  }
  Changing& While(CitizenId citizen, uint64_t version) {
    change_.expectations.push_back({citizen, version});
    return *this;
  }
  Changing& And(CitizenId citizen) {
    change_.citizens.emplace_back().citizen = citizen;
    return *this;
  }
  Changing& AtVersion(uint64_t version) { return Set(last().expected_version, version); }
  Changing& SealedKey(std::string bytes) { return Set(last().sealed_key, std::move(bytes)); }
  Changing& Profile(std::string bytes) { return Set(last().profile, std::move(bytes)); }
  Changing& Adds(std::string bytes) { return Set(last().addition, std::move(bytes)); }
  Changing& Where(const std::string& key, std::optional<std::string> value) {
    last().conditions.push_back({key, std::move(value)});
    return *this;
  }
  Changing& Puts(const std::string& key, const std::string& value) {
    last().writes.push_back({key, value, false});
    return *this;
  }
  Changing& PutsStamped(const std::string& key, const std::string& value) {
    last().writes.push_back({key, value, true});
    return *this;
  }
  Changing& Deletes(const std::string& key) {
    last().writes.push_back({key, std::nullopt, false});
    return *this;
  }
  Changing& Logs(const std::string& log, const std::string& value) {
    change_.appends.push_back({log, value});
    return *this;
  }
  operator const Change&() const { return change_; }  // NOLINT(google-explicit-constructor)

 private:
  CitizenChange& last() { return change_.citizens.back(); }
  template <class Field, class Value>
  Changing& Set(Field& field, Value value) {
    field = std::move(value);
    return *this;
  }

  Change change_;
};

// A change of nobody with deeds about the citizens, one each.
inline Change Doing(const std::vector<CitizenId>& citizens, Instant now = At(0)) {
  Change change;
  change.now = now;
  for (const CitizenId citizen : citizens) {
    Deed& deed = change.deeds.emplace_back();
    deed.citizen = citizen;
    deed.kind = ledger::EntryKind::kAccess;
    deed.citizen_commitment = ledger::Sha256(citizen.ToString());
    deed.content_commitment = ledger::Sha256("content");
    deed.opening = "opening of " + citizen.ToString();
  }
  return change;
}

// The tree as it is defined, from the entries alone.
inline ledger::Hash RootOf(const std::vector<std::string>& entries) {
  if (entries.empty()) return ledger::EmptyRoot();
  if (entries.size() == 1) return ledger::LeafHash(entries[0]);
  size_t half = 1;
  while (2 * half < entries.size()) half *= 2;
  const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(half);
  return ledger::NodeHash(RootOf({entries.begin(), middle}), RootOf({middle, entries.end()}));
}

}  // namespace kstati::profile
