// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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

// The records that count, one for each identity, ordered by identity. Of those that hold on the day
// the one that began last counts: what began earlier and was told later only came late. Of those
// that began on the same day the one told last counts, also where it ends sooner. So the order of
// arrival matters only where two records speak of the same beginning. What yields is weighed by
// itself and counts where nothing else is left.
template <class Record>
std::vector<Record> Holding(const std::vector<Record>& records, const Superseded& superseded,
                            AsOf as_of) {
  std::vector<const Record*> counting;
  counting.reserve(records.size());
  for (const Record& record : records) {
    if (record.known_at > as_of.known_at || record.valid.from > as_of.valid_at) continue;
    if (!superseded.Contains(record.reported_by)) counting.push_back(&record);
  }
  // Within one identity the record that wins comes first; of two told at once, the later in the
  // list.
  std::sort(counting.begin(), counting.end(), [](const Record* a, const Record* b) {
    const auto order = IdentityOf(*a) <=> IdentityOf(*b);
    if (order != 0) return order < 0;
    if (const bool yields = Yields(*a); yields != Yields(*b)) return !yields;
    if (a->valid.from != b->valid.from) return a->valid.from > b->valid.from;
    return a->known_at != b->known_at ? a->known_at > b->known_at : a > b;
  });
  // Told again with the same beginning.
  const auto restated = [](const Record* a, const Record* b) {
    return IdentityOf(*a) == IdentityOf(*b) && a->valid.from == b->valid.from &&
           Yields(*a) == Yields(*b);
  };
  counting.erase(std::unique(counting.begin(), counting.end(), restated), counting.end());
  std::erase_if(counting,
                [&](const Record* each) { return !each->valid.Contains(as_of.valid_at); });
  const auto same = [](const Record* a, const Record* b) {
    return IdentityOf(*a) == IdentityOf(*b);
  };
  counting.erase(std::unique(counting.begin(), counting.end(), same), counting.end());
  std::vector<Record> holding;
  holding.reserve(counting.size());
  for (const Record* record : counting) holding.push_back(*record);
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
