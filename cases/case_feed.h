// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/case.h"

namespace kstati::cases {

// A change of status, and of which case.
struct CaseNews {
  CaseId case_id;
  ServiceId service;
  CitizenId about;
  StatusChange change;
};

struct CaseFeed {
  std::vector<CaseNews> news;  // in the order in which they happened
  std::string cursor;          // what comes after these
  bool more = false;           // there is more now
};

// What happened to a citizen's cases (all of them) since a cursor, at most `limit` changes; from
// the beginning when it is empty. A cursor counts the changes of each case that were told, so that
// nothing is told twice or left out, whatever clocks did. kInvalidArgument for what is no cursor.
Result<CaseFeed> NewsSince(const std::vector<Case>& cases, std::string_view cursor, size_t limit);

}  // namespace kstati::cases
