// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/messages.h"
#include "cases/case.h"
#include "cases/notification.h"
#include "profile/dictionary.h"

namespace kstati::cases {

// Whose words a message is put in.
struct MessageWords {
  const Messages& messages;
  const profile::Dictionary& dictionary;
  Language language = Language::kRussian;
};

// What the message says below its title. `service`: its name; `c`: the case that the message is
// about, as it is now, null where none is kept. Of what stopped or was annulled the reason; of an
// answer that is still needed what is asked and until when.
std::string TextOfMessage(const MessageWords& words, const Notification& notification,
                          const std::string& service, const Case* c);

}  // namespace kstati::cases
