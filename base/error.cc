// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

namespace kstati {

const ErrorKind& KindOf(ErrorCode code) {
  for (const ErrorKind& kind : kErrorKinds) {
    if (kind.code == code) return kind;
  }
  return kErrorKinds.back();
}

std::string Error::ToString() const {
  std::string text = message;
  if (!place.empty()) text += " (at " + place + ")";
  if (!remedy.empty()) text += "; " + remedy;
  return text;
}

Error AtPlace(Error error, std::string_view outer) {
  error.place = error.place.empty() ? std::string(outer) : std::string(outer) + ", " + error.place;
  return error;
}

}  // namespace kstati
