// SPDX-License-Identifier: Apache-2.0
#include "cases/world.h"

namespace kstati::cases {

std::shared_ptr<const graph::ServiceGraph> GraphOfDay::On(const graph::Catalogue& catalogue,
                                                          Date date) {
  const std::lock_guard lock(mutex_);
  if (!graph_ || graph_->date() != date) {
    graph_ = std::make_shared<const graph::ServiceGraph>(catalogue, date);
  }
  return graph_;
}

}  // namespace kstati::cases
