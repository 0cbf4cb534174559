// SPDX-License-Identifier: Apache-2.0
#include "eligibility/decision.h"

namespace kstati::eligibility {

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kEligible: return "eligible";
    case Verdict::kNotEligible: return "not eligible";
    case Verdict::kUndetermined: return "undetermined";
    case Verdict::kLikely: return "likely";
  }
  return "unknown";
}

}  // namespace kstati::eligibility
