// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace kstati::recommender {

// What a person did with one service about one person. Moments are the latest kMomentsKept of each,
// oldest first.
struct Dealing {
  ServiceId service;
  CitizenId about;  // number 0: nobody said whom it was about
  std::vector<Instant> taken;
  std::vector<Instant> declined;
};
inline constexpr size_t kMomentsKept = 8;

// Stored form of a dealing (a record with the citizen).
std::string Encode(const Dealing& dealing);
Result<Dealing> DecodeDealing(std::string_view bytes);

// What a person did with services. The same for training, which makes it of logs, and for ranking,
// which reads it with the citizen.
class Past {
 public:
  // Within a day of the same, it is the same.
  void Take(const ServiceId& service, CitizenId about, Instant at);
  void Decline(const ServiceId& service, CitizenId about, Instant at);
  // In place of what is known of the same service about the same person.
  void Put(Dealing dealing);

  // By service and whom it was about.
  const std::vector<Dealing>& dealings() const { return dealings_; }
  // Services that were taken up, each once, by name.
  std::vector<ServiceId> Taken() const;
  // What happened before the moment.
  Past Before(Instant moment) const;
  // What was about this person.
  Past About(CitizenId person) const;

 private:
  Dealing& Of(const ServiceId& service, CitizenId about);

  std::vector<Dealing> dealings_;
};

}  // namespace kstati::recommender
