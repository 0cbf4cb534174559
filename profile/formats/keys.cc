// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/keys.h"

namespace kstati::profile {

namespace {

std::string KeyOf(char kind, const EventKey& event) {
  std::string key(1, kind);
  key.append(event.source.text()).push_back('\0');
  return key.append(event.id.text());
}

}  // namespace

std::string EventRecordKey(const EventKey& event) { return KeyOf('e', event); }

std::string EventNoteKey(const EventKey& event) { return KeyOf('i', event); }

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

std::string MarkKey(std::string_view name) { return std::string("m").append(name); }

}  // namespace kstati::profile
