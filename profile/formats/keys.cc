// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/keys.h"

#include <charconv>

namespace kstati::profile {
namespace {

std::string KeyOfPlace(std::string_view prefix, CitizenId subject, const EventKey& event) {
  std::string key = std::string(prefix) + std::to_string(subject.number());
  key.append(1, '\0').append(event.source.text());
  return key.append(1, '\0').append(event.id.text());
}

}  // namespace

std::string EventNoteKey(const EventKey& event) {
  std::string key(kEventNotePrefix);
  key.append(event.source.text()).push_back('\0');
  return key.append(event.id.text());
}

std::string ConsentKey(const ConsentId& id) {
  return std::string(kConsentPrefix).append(id.text());
}

std::string ModuleRecordPrefix(std::string_view kind) {
  std::string key("r");
  key.append(kind).push_back('\0');
  return key;
}

std::string ModuleRecordKey(std::string_view kind, std::string_view id) {
  return ModuleRecordPrefix(kind).append(id);
}

std::string SpreadEventKey(CitizenId subject, const EventKey& event) {
  return KeyOfPlace(kSpreadEventPrefix, subject, event);
}

std::string DeliveryPrefix(CitizenId subject, const EventKey& event) {
  return KeyOfPlace("o", subject, event).append(1, '\0');
}

std::string DeliveryKey(CitizenId subject, const EventKey& event, CitizenId receiver) {
  return DeliveryPrefix(subject, event) + std::to_string(receiver.number());
}

std::string ArrivalKey(CitizenId subject, const EventKey& event) {
  return KeyOfPlace("d", subject, event);
}

std::optional<std::pair<CitizenId, EventKey>> ParseSpreadEventKey(std::string_view key) {
  if (!key.starts_with(kSpreadEventPrefix)) return std::nullopt;
  key.remove_prefix(kSpreadEventPrefix.size());
  uint64_t subject = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), subject);
  if (error != std::errc() || end == key.data() + key.size() || *end != '\0') return std::nullopt;
  key.remove_prefix(static_cast<size_t>(end - key.data()) + 1);
  const size_t source = key.find('\0');
  if (source == std::string_view::npos) return std::nullopt;
  return std::pair(CitizenId(subject), EventKey{RegistryId(std::string(key.substr(0, source))),
                                                EventId(std::string(key.substr(source + 1)))});
}

std::string MarkKey(std::string_view name) { return std::string("m").append(name); }

}  // namespace kstati::profile
