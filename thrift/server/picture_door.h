// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/messages.h"
#include "base/result.h"
#include "cases/world.h"
#include "graph/picture/gallery.h"

namespace kstati::thrift {

// Drawings of the catalogue for browsers. Safe from any thread.
class PictureDoor {
 public:
  struct Page {
    std::string content;
    std::string type;
  };

  // Both must outlive it.
  PictureDoor(const kstati::cases::World& world, const Messages& messages);

  // `kind`: "situation" or "service"; `format`: "svg" or "json"; `hops` empty: one.
  // kInvalidArgument when a parameter makes no sense, kNotFound when there is no such thing.
  Result<Page> Show(const std::string& kind, const std::string& id, const std::string& format,
                    const std::string& language, const std::string& hops) const;

 private:
  const kstati::cases::World& world_;
  const kstati::graph::picture::Gallery gallery_;
};

}  // namespace kstati::thrift
