// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "graph/internal/regulation_parts.h"

namespace kstati::graph {
namespace {

// Who waits for whom on a day.
class Waiting {
 public:
  Waiting(const Catalogue& catalogue, Date day) : catalogue_(catalogue), day_(day) {}

  // "a, b, a": from the service by what it comes after back to it; empty when there is no circle.
  std::string CircleThrough(const ServiceId& service) {
    std::string path = service.text();
    return Leads(service, service, path) ? path : std::string();
  }

 private:
  bool Leads(const ServiceId& from, const ServiceId& to, std::string& path) {
    const Service* const service = catalogue_.FindService(from);
    const Regulation* const regulation = service == nullptr ? nullptr : service->RegulationOn(day_);
    if (regulation == nullptr) return false;
    const size_t length = path.size();
    for (const ServiceId& next : regulation->after) {
      path += ", " + next.text();
      if (next == to) return true;
      if (seen_.insert(next).second && Leads(next, to, path)) return true;
      path.resize(length);
    }
    return false;
  }

  const Catalogue& catalogue_;
  Date day_;
  std::set<ServiceId> seen_;
};

}  // namespace

void CheckAfter(const Catalogue& catalogue, std::vector<Issue>& issues) {
  for (const Service& service : catalogue.services()) {
    for (const Regulation& regulation : service.regulations) {
      if (regulation.after.empty()) continue;
      const std::string circle =
          Waiting(catalogue, regulation.in_force.from).CircleThrough(service.id);
      if (circle.empty()) continue;
      issues.push_back({Severity::kError, regulation.location,
                        "services come after each other in a circle: " + circle,
                        "leave one of them out of `after`"});
    }
  }
}

}  // namespace kstati::graph
