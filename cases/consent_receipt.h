// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/bilingual.h"
#include "base/result.h"
#include "cases/draft.h"
#include "profile/consent.h"

namespace kstati::cases {

// A copy of a consent's record with the fields of ISO/IEC TS 27560, for whoever gave it: JSON as
// docs/reference/consent-receipt.md describes, names in `language`. Each event names the citizen's
// ledger entry that proves it. The same record gives the same bytes on the same day.
Result<std::string> MakeConsentReceipt(Draft& draft, CitizenId citizen, const ConsentId& consent,
                                       Language language);

}  // namespace kstati::cases
