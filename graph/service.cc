// SPDX-License-Identifier: Apache-2.0
#include "graph/service.h"

#include "base/check.h"

namespace kstati::graph {

std::string_view NameOf(Verification verification) {
  switch (verification) {
    case Verification::kConfirmed: return "confirmed";
    case Verification::kComputed: return "computed";
    case Verification::kFromKnowledge: return "from_knowledge";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(Mode mode) {
  switch (mode) {
    case Mode::kOnRequest: return "on-request";
    case Mode::kProactiveInform: return "proactive-inform";
    case Mode::kProactivePrepare: return "proactive-prepare";
    case Mode::kProactiveAct: return "proactive-act";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(About about) {
  switch (about) {
    case About::kPerson: return "person";
    case About::kChild: return "child";
    case About::kDeceased: return "deceased";
  }
  KSTATI_CHECK(false);
  return {};
}

std::string_view NameOf(AmountPeriod period) {
  switch (period) {
    case AmountPeriod::kOnce: return "once";
    case AmountPeriod::kMonth: return "month";
    case AmountPeriod::kYear: return "year";
  }
  KSTATI_CHECK(false);
  return {};
}

const Regulation* Service::RegulationOn(Date date) const {
  for (const Regulation& regulation : regulations) {
    if (regulation.in_force.Contains(date)) return &regulation;
  }
  return nullptr;
}

}  // namespace kstati::graph
