// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <span>
#include <tuple>

#include "profile/fact.h"

namespace kstati::profile {
namespace {

bool HoldsBothWays(RelationKind kind) {
  return kind == RelationKind::kSpouse || kind == RelationKind::kHousehold;
}

// Who is what of whom: two records with the same identity speak of the same thing.
std::tuple<RelationKind, CitizenId, CitizenId> IdentityOf(const Relation& relation) {
  if (HoldsBothWays(relation.kind) && relation.to < relation.from) {
    return {relation.kind, relation.to, relation.from};
  }
  return {relation.kind, relation.from, relation.to};
}

const AttributeId& IdentityOf(const Fact& fact) { return fact.attribute; }

// Whether it holds only where nothing surer does.
bool Yields(const Fact& fact) { return AssuranceOf(fact) == Assurance::kSelfDeclared; }
bool Yields(const Relation&) { return false; }  // ties rest on nobody's word alone

// The events declared wrong by what was known at one moment.
class Superseded {
 public:
  Superseded(const std::vector<Supersession>& supersessions, Instant known_at) {
    for (const Supersession& each : supersessions) {
      if (each.known_at <= known_at) events_.push_back(&each.event);
    }
    std::sort(events_.begin(), events_.end(), Before);
  }

  bool Contains(const EventKey& event) const {
    return !events_.empty() && std::binary_search(events_.begin(), events_.end(), &event, Before);
  }

 private:
  static bool Before(const EventKey* a, const EventKey* b) { return *a < *b; }

  std::vector<const EventKey*> events_;
};

// Of the records of one identity the one that counts on the day, by what was known `by` then. Of
// those that hold on the day the one that began last counts: what began earlier and was told later
// only came late. Of those that began on the same day the one told last counts, also where it ends
// sooner. So the order of arrival matters only where two records speak of the same beginning. What
// yields is weighed by itself and counts where nothing else is left. `records` are in that order.
template <class Record>
const Record* CountingOf(std::span<const Record* const> records, Instant by, Date day) {
  const Record* last_told = nullptr;  // of those with its beginning
  for (const Record* each : records) {
    if (each->known_at > by) continue;
    const bool restated = last_told != nullptr && last_told->valid.from == each->valid.from &&
                          Yields(*last_told) == Yields(*each);
    if (restated) continue;
    last_told = each;
    if (each->valid.Contains(day)) return each;
  }
  return nullptr;
}

// Since when it has been known without a break what the fact says: telling it again makes it no
// news. What was superseded meanwhile breaks nothing.
Instant KnownSince(const Fact& fact, std::span<const Fact* const> records, Date day) {
  Instant since = fact.known_at;
  for (;;) {
    std::optional<Instant> earlier;  // the moment before `since` at which something was told
    for (const Fact* each : records) {
      if (each->known_at < since) earlier = std::max(earlier, std::optional(each->known_at));
    }
    if (!earlier) return since;
    const Fact* was = CountingOf(records, *earlier, day);
    const bool same = was != nullptr && was->value == fact.value && Yields(*was) == Yields(fact);
    if (!same) return since;
    since = *earlier;
  }
}

void Take(const Fact& fact, std::span<const Fact* const> records, Date day,
          std::vector<Fact>& holding) {
  holding.push_back(fact);
  if (records.size() > 1) holding.back().known_at = KnownSince(fact, records, day);
}

void Take(const Relation& relation, std::span<const Relation* const>, Date,
          std::vector<Relation>& holding) {
  holding.push_back(relation);
}

// The records that count, one for each identity, ordered by identity.
template <class Record>
std::vector<Record> Holding(const std::vector<Record>& records, const Superseded& superseded,
                            AsOf as_of) {
  std::vector<const Record*> known;
  known.reserve(records.size());
  for (const Record& record : records) {
    if (record.known_at > as_of.known_at || record.valid.from > as_of.valid_at) continue;
    if (!superseded.Contains(record.reported_by)) known.push_back(&record);
  }
  // Within one identity the record that wins comes first; of two told at once, the later in the
  // list.
  std::sort(known.begin(), known.end(), [](const Record* a, const Record* b) {
    const auto order = IdentityOf(*a) <=> IdentityOf(*b);
    if (order != 0) return order < 0;
    if (const bool yields = Yields(*a); yields != Yields(*b)) return !yields;
    if (a->valid.from != b->valid.from) return a->valid.from > b->valid.from;
    return a->known_at != b->known_at ? a->known_at > b->known_at : a > b;
  });
  std::vector<Record> holding;
  holding.reserve(known.size());
  for (auto first = known.begin(); first != known.end();) {
    const auto last = std::find_if(first, known.end(), [&](const Record* each) {
      return IdentityOf(*each) != IdentityOf(**first);
    });
    const std::span<const Record* const> same(&*first, static_cast<size_t>(last - first));
    const Record* counting = CountingOf(same, as_of.known_at, as_of.valid_at);
    if (counting != nullptr) Take(*counting, same, as_of.valid_at, holding);
    first = last;
  }
  return holding;
}

void SortUnique(std::vector<CitizenId>& citizens) {
  std::sort(citizens.begin(), citizens.end());
  citizens.erase(std::unique(citizens.begin(), citizens.end()), citizens.end());
}

}  // namespace

FactView::FactView(const History& history, AsOf as_of)
    : citizen_(history.citizen), erased_(history.erased), as_of_(as_of) {
  const Superseded superseded(history.supersessions, as_of.known_at);
  facts_ = Holding(history.facts, superseded, as_of);
  relations_ = Holding(history.relations, superseded, as_of);
}

const Fact* FactView::Find(const AttributeId& attribute) const {
  const auto at = std::lower_bound(
      facts_.begin(), facts_.end(), attribute,
      [](const Fact& fact, const AttributeId& wanted) { return fact.attribute < wanted; });
  return at != facts_.end() && at->attribute == attribute ? &*at : nullptr;
}

std::vector<CitizenId> FactView::ToWhom(RelationKind kind) const {
  std::vector<CitizenId> citizens;
  for (const Relation& relation : relations_) {
    if (relation.kind != kind) continue;
    if (relation.from == citizen_) citizens.push_back(relation.to);
    if (relation.to == citizen_ && HoldsBothWays(kind)) citizens.push_back(relation.from);
  }
  SortUnique(citizens);
  return citizens;
}

std::vector<CitizenId> FactView::WhoAre(RelationKind kind) const {
  if (HoldsBothWays(kind)) return ToWhom(kind);
  std::vector<CitizenId> citizens;
  for (const Relation& relation : relations_) {
    if (relation.kind == kind && relation.to == citizen_) citizens.push_back(relation.from);
  }
  SortUnique(citizens);
  return citizens;
}

}  // namespace kstati::profile
