// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/messages.h"
#include "base/result.h"
#include "graph/picture/catalogue_picture.h"
#include "graph/picture/timeline.h"

namespace kstati::graph::picture {

// What of a catalogue is to be seen: exactly one of the first two is set.
struct View {
  SituationId situation;
  ServiceId service;
  int hops = 1;  // around the service
  Language language = Language::kRussian;

  auto operator<=>(const View&) const = default;
};

inline constexpr int kHopsMax = 5;

// Pictures of a catalogue, each drawn once for a version and a day. Safe from any thread.
class Gallery {
 public:
  using AttributeName = std::function<std::string(const AttributeId&, Language)>;

  // `messages` must outlive it.
  Gallery(const Messages& messages, AttributeName attribute_name)
      : messages_(messages), attribute_name_(std::move(attribute_name)) {}

  // kNotFound when nothing of that name is in force; kInvalidArgument for too many hops.
  Result<std::shared_ptr<const DrawnPicture>> Show(const ServiceGraph& graph,
                                                   const View& view) const;
  // The steps of a chain with title and description.
  DrawnTimeline Show(std::string title, std::vector<TimelineStep> steps, Language language) const;
  Words WordsIn(Language language) const;

 private:
  using Key = std::tuple<std::string, Date, View>;  // version of the catalogue, day
  static constexpr size_t kKeptMax = 500;           // then it begins anew

  Result<Picture> Compose(const ServiceGraph& graph, const View& view) const;

  const Messages& messages_;
  const AttributeName attribute_name_;
  mutable std::mutex mutex_;
  mutable std::map<Key, std::shared_ptr<const DrawnPicture>> kept_;
};

}  // namespace kstati::graph::picture
