// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/catalogue.h"
#include "profile/consent.h"
#include "thrift/server/access.h"

namespace kstati::thrift {

// For what somebody who is not the person uses the person's data: what a law lets the state do
// without consent, or what the person consented to. One word for both.
struct PurposeOfUse {
  std::string id;        // of a legal basis, or a consent's purpose; empty: none is needed
  std::string consent;   // that it rests on; empty: on the law
  bool limited = false;  // to these categories of data
  std::set<profile::CategoryId> categories = {};

  bool Covers(const std::string& category) const {
    return !limited || categories.contains(profile::CategoryId(category));
  }
};

bool IsPurpose(const graph::Catalogue& catalogue, std::string_view id);

// Of the person whose data are used.
struct ConsentsOfPerson {
  std::vector<profile::Consent> consents;
  bool represented = false;  // as of profile::Processing
};

// A law or a consent that names recipients lets nobody else use the data: the caller must speak for
// one of them. A consent to one service or situation lets its applications use the data, and nobody
// read them besides. kInvalidArgument when there is no such purpose; kDenied when it is one of a
// law that names others; kConsentRequired when it is one of a consent and none of the person's
// allows it on the day to the caller.
Result<PurposeOfUse> FindPurpose(const std::string& id, const Caller& caller,
                                 const graph::Catalogue& catalogue, const ConsentsOfPerson& person,
                                 Date on);

}  // namespace kstati::thrift
