// SPDX-License-Identifier: Apache-2.0
#include "recommender/past.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/bytes.h"

namespace kstati::recommender {
namespace {

constexpr uint64_t kDealingFormat = 1;

void WriteMoments(const std::vector<Instant>& moments, ByteWriter& writer) {
  writer.Number(moments.size());
  for (const Instant moment : moments) writer.Moment(moment);
}

std::vector<Instant> ReadMoments(ByteReader& reader) {
  std::vector<Instant> moments(reader.Count());
  for (Instant& moment : moments) moment = reader.Moment();
  return moments;
}

// What is said twice, by feedback and by the application that follows it, happened once: when it
// was said last.
void AddMoment(std::vector<Instant>& moments, Instant at) {
  constexpr int64_t kOneDealing = 86'400'000'000;
  const auto place = std::ranges::upper_bound(moments, at);
  if (place != moments.begin() && at.micros - std::prev(place)->micros < kOneDealing) {
    *std::prev(place) = at;
    return;
  }
  moments.insert(place, at);
  if (moments.size() > kMomentsKept) moments.erase(moments.begin());
}

void KeepBefore(std::vector<Instant>& moments, Instant moment) {
  moments.erase(std::ranges::lower_bound(moments, moment), moments.end());
}

}  // namespace

std::string Encode(const Dealing& dealing) {
  ByteWriter writer;
  writer.Number(kDealingFormat).Text(dealing.service.text()).Number(dealing.about.number());
  WriteMoments(dealing.taken, writer);
  WriteMoments(dealing.declined, writer);
  return writer.Take();
}

Result<Dealing> DecodeDealing(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Number() != kDealingFormat) {
    return Fail(ErrorCode::kUnsupported, "a stored dealing has an unknown format", {},
                "use the version of kstati that wrote the store, or a newer one");
  }
  Dealing dealing;
  dealing.service = ServiceId(reader.Text());
  dealing.about = CitizenId(reader.Number());
  dealing.taken = ReadMoments(reader);
  dealing.declined = ReadMoments(reader);
  KSTATI_TRY_VOID(reader.Finish("a stored dealing"));
  if (std::ranges::is_sorted(dealing.taken) && std::ranges::is_sorted(dealing.declined)) {
    return dealing;
  }
  return Fail(ErrorCode::kCorrupt, "the moments of a stored dealing are out of order", {},
              "restore the store from a backup");
}

Dealing& Past::Of(const ServiceId& service, CitizenId about) {
  const auto key = std::tie(service, about);
  const auto place = std::ranges::lower_bound(
      dealings_, key, {}, [](const Dealing& each) { return std::tie(each.service, each.about); });
  if (place != dealings_.end() && std::tie(place->service, place->about) == key) return *place;
  return *dealings_.insert(place, Dealing{service, about, {}, {}});
}

void Past::Take(const ServiceId& service, CitizenId about, Instant at) {
  AddMoment(Of(service, about).taken, at);
}

void Past::Decline(const ServiceId& service, CitizenId about, Instant at) {
  AddMoment(Of(service, about).declined, at);
}

void Past::Put(Dealing dealing) {
  Dealing& place = Of(dealing.service, dealing.about);
  place = std::move(dealing);
}

std::vector<ServiceId> Past::Taken() const {
  std::vector<ServiceId> taken;
  for (const Dealing& dealing : dealings_) {
    const bool is_new = taken.empty() || taken.back() != dealing.service;
    if (!dealing.taken.empty() && is_new) taken.push_back(dealing.service);
  }
  return taken;
}

Past Past::Before(Instant moment) const {
  Past before;
  for (Dealing dealing : dealings_) {
    KeepBefore(dealing.taken, moment);
    KeepBefore(dealing.declined, moment);
    const bool is_empty = dealing.taken.empty() && dealing.declined.empty();
    if (!is_empty) before.dealings_.push_back(std::move(dealing));
  }
  return before;
}

Past Past::About(CitizenId person) const {
  Past about;
  std::ranges::copy_if(dealings_, std::back_inserter(about.dealings_),
                       [&](const Dealing& dealing) { return dealing.about == person; });
  return about;
}

}  // namespace kstati::recommender
