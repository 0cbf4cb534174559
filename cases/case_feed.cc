// SPDX-License-Identifier: Apache-2.0
#include "cases/case_feed.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace kstati::cases {
namespace {

// By number: the counts of a cursor stand in this order, and new cases come behind.
std::vector<const Case*> InOrderOfOpening(const std::vector<Case>& cases) {
  std::vector<const Case*> ordered;
  for (const Case& c : cases) ordered.push_back(&c);
  std::ranges::sort(ordered, [](const Case* a, const Case* b) {
    return std::tuple(a->id.text().size(), a->id.text()) <
           std::tuple(b->id.text().size(), b->id.text());
  });
  return ordered;
}

// "3.0.5": of each case how many changes were told.
Result<std::vector<size_t>> ReadCursor(std::string_view cursor) {
  std::vector<size_t> told;
  while (!cursor.empty()) {
    const std::string_view part = cursor.substr(0, cursor.find('.'));
    size_t count = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), count);
    if (part.empty() || error != std::errc() || end != part.data() + part.size()) {
      return Fail(ErrorCode::kInvalidArgument, "this is no cursor", "cursor",
                  "give one that the feed gave, or none to begin anew");
    }
    told.push_back(count);
    cursor.remove_prefix(std::min(cursor.size(), part.size() + 1));
  }
  return told;
}

std::string WriteCursor(const std::vector<size_t>& told) {
  std::string cursor;
  for (const size_t count : told) cursor += (cursor.empty() ? "" : ".") + std::to_string(count);
  return cursor;
}

struct Untold {
  Instant at;  // not before the change of the same case before it, although a clock jumped back
  size_t of_case = 0;
  size_t change = 0;
};

std::vector<Untold> FindUntold(const std::vector<const Case*>& cases,
                               const std::vector<size_t>& told) {
  std::vector<Untold> untold;
  for (size_t i = 0; i < cases.size(); ++i) {
    Instant at;
    for (size_t change = 0; change < cases[i]->history.size(); ++change) {
      at = std::max(at, cases[i]->history[change].at);
      if (change >= told[i]) untold.push_back({at, i, change});
    }
  }
  std::ranges::sort(untold, [](const Untold& a, const Untold& b) {
    return std::tie(a.at, a.of_case, a.change) < std::tie(b.at, b.of_case, b.change);
  });
  return untold;
}

}  // namespace

Result<CaseFeed> NewsSince(const std::vector<Case>& cases, std::string_view cursor, size_t limit) {
  KSTATI_TRY(std::vector<size_t> told, ReadCursor(cursor));
  const std::vector<const Case*> ordered = InOrderOfOpening(cases);
  told.resize(std::max(told.size(), ordered.size()));
  const std::vector<Untold> untold = FindUntold(ordered, told);
  CaseFeed feed;
  for (const Untold& each : untold) {
    if (feed.news.size() == limit) break;
    const Case& c = *ordered[each.of_case];
    feed.news.push_back({c.id, c.service, c.about, c.history[each.change]});
    ++told[each.of_case];
  }
  feed.cursor = WriteCursor(told);
  feed.more = feed.news.size() < untold.size();
  return feed;
}

}  // namespace kstati::cases
