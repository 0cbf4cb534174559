// SPDX-License-Identifier: Apache-2.0
#include "cases/answer.h"

#include <string>

namespace kstati::cases {

Result<void> CheckAnswer(const profile::Attribute& attribute, std::string_view answer) {
  KSTATI_TRY_VOID(profile::ParseFactValue(attribute.type, answer));
  const bool is_code = attribute.type == profile::ValueType::kCode;
  if (!is_code || attribute.FindCode(std::string(answer)) != nullptr) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "the answer is not in the list of " + attribute.id.text(), "answers",
              "answer with one of the values that are offered");
}

}  // namespace kstati::cases
