// SPDX-License-Identifier: Apache-2.0
#include "profile/ledger/appender.h"

namespace kstati::profile::ledger {

Result<Appender> Appender::Resume(std::string_view state) {
  Appender appender;
  KSTATI_TRY(appender.range_, CompactRange::Decode(state));
  return appender;
}

std::vector<Node> Appender::Append(std::span<const Hash> leaves) {
  std::vector<Node> made;
  made.reserve(2 * leaves.size());
  for (const Hash& leaf : leaves) range_.Append(leaf, made);
  return made;
}

}  // namespace kstati::profile::ledger
