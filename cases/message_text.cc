// SPDX-License-Identifier: Apache-2.0
#include "cases/message_text.h"

#include <algorithm>

namespace kstati::cases {
namespace {

// Why the case came to the status that the message tells of; empty: that is not kept.
std::string ReasonTold(const Notification& notification, const Case& c) {
  const auto told = std::ranges::find_if(c.history, [&](const StatusChange& change) {
    return change.at == notification.at &&
           notification.message == "notification." + std::string(NameOf(change.status));
  });
  return told == c.history.end() ? std::string() : told->reason;
}

bool TellsOf(const Notification& notification, Status status) {
  return notification.message == "notification." + std::string(NameOf(status));
}

std::string NamesOf(const MessageWords& words, const std::set<AttributeId>& attributes) {
  std::string names;
  for (const AttributeId& id : attributes) {
    const profile::Attribute* attribute = words.dictionary.Find(id);
    if (!names.empty()) names += ", ";
    names += attribute == nullptr ? id.text() : attribute->name.in(words.language);
  }
  return names;
}

}  // namespace

std::string TextOfMessage(const MessageWords& words, const Notification& notification,
                          const std::string& service, const Case* c) {
  const auto say = [&words](const std::string& key,
                            const std::map<std::string, Messages::Argument>& arguments) {
    return words.messages.Format(words.language, key, arguments);
  };
  const bool ended =
      TellsOf(notification, Status::kStopped) || TellsOf(notification, Status::kAnnulled);
  const std::string reason = c == nullptr ? std::string() : ReasonTold(notification, *c);
  if (ended && !reason.empty()) return say(reason, {});
  const bool asks = TellsOf(notification, Status::kInformationAsked) && c != nullptr &&
                    c->status == Status::kInformationAsked;
  if (asks && c->wait_until && !c->awaited.empty()) {
    return say("notification.information_asked.until",
               {{"asked", NamesOf(words, c->awaited)}, {"last_day", *c->wait_until}});
  }
  return say(notification.message + ".text", {{"service", service}});
}

}  // namespace kstati::cases
