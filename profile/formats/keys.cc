// SPDX-License-Identifier: Apache-2.0
#include "profile/formats/keys.h"

namespace kstati::profile {

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

std::string MarkKey(std::string_view name) { return std::string("m").append(name); }

}  // namespace kstati::profile
