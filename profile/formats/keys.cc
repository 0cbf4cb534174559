// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/keys.h"

namespace kstati::profile {
namespace {

constexpr char kEventFamily = 'e';
constexpr char kMarkFamily = 'm';
constexpr size_t kPartAt = 9;  // after the family's letter and the citizen's number

// The highest byte first, so that keys sort like the numbers.
void AppendNumber(uint64_t number, std::string& key) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
}

}  // namespace

std::string CitizenPrefix(CitizenId citizen) {
  std::string key;
  key.reserve(kPartAt + 1 + sizeof(uint64_t));
  key.append(kCitizenFamily);
  AppendNumber(citizen.number(), key);
  return key;
}

std::string PartPrefix(CitizenId citizen, Part part) {
  std::string key = CitizenPrefix(citizen);
  key.push_back(static_cast<char>(part));
  return key;
}

std::string VersionKey(CitizenId citizen) { return PartPrefix(citizen, Part::kVersion); }

std::string HistoryKey(CitizenId citizen, uint64_t version) {
  std::string key = PartPrefix(citizen, Part::kHistory);
  AppendNumber(version, key);
  return key;
}

std::string ConsentKey(CitizenId citizen, const ConsentId& id) {
  return PartPrefix(citizen, Part::kConsent).append(id.text());
}

std::string RecordPrefix(CitizenId citizen, std::string_view kind) {
  std::string key = PartPrefix(citizen, Part::kRecord).append(kind);
  key.push_back('\0');
  return key;
}

std::string RecordKey(CitizenId citizen, std::string_view kind, std::string_view id) {
  return RecordPrefix(citizen, kind).append(id);
}

std::string EventRecordKey(const EventKey& event) {
  std::string key(1, kEventFamily);
  key.append(event.source.text()).push_back('\0');
  return key.append(event.id.text());
}

std::string MarkKey(std::string_view name) { return std::string(1, kMarkFamily).append(name); }

std::optional<CitizenKey> ParseCitizenKey(std::string_view key) {
  if (key.size() <= kPartAt || !key.starts_with(kCitizenFamily)) return std::nullopt;
  uint64_t number = 0;
  for (const char c : key.substr(kCitizenFamily.size(), sizeof number)) {
    number = (number << 8) | static_cast<unsigned char>(c);
  }
  const Part part = static_cast<Part>(key[kPartAt]);
  return CitizenKey{CitizenId(number), part, key.substr(kPartAt + 1)};
}

}  // namespace kstati::profile
