// SPDX-License-Identifier: Apache-2.0
// Values of law: what parameter() gives a rule.
#include <map>
#include <string>
#include <variant>

#include "base/check.h"
#include "eligibility/internal/evaluation.h"

namespace kstati::eligibility {

feel::Value Evaluation::CallParameter(std::span<const feel::Value> arguments, Mark& mark,
                                      Reads* reads) {
  KSTATI_CHECK(arguments[0].is(feel::Kind::kString));  // checked when compiled
  const auto found = book_.parameter_index.find(arguments[0].string());
  KSTATI_CHECK(found != book_.parameter_index.end());
  std::string region(graph::kFederal);
  if (book_.parameter_regional[found->second]) {
    if (book_.region_slot == kNone) return feel::Value::Unknown(kParameterInput | found->second);
    const Cell& where = Load(kApplicantFrame, book_.region_slot);
    if (where.value.is_unknown()) return where.value;
    mark.Add(where.mark);
    if (reads != nullptr) reads->Add(frames_[kApplicantFrame].reads.At(book_.region_slot));
    region = where.value.is(feel::Kind::kString) ? where.value.string() : std::string();
  }
  return LawValue(found->second, arguments.size() > 1 ? &arguments[1] : nullptr, region, mark,
                  reads);
}

feel::Value Evaluation::LawValue(uint32_t index, const feel::Value* dimensions,
                                 const std::string& region, Mark& mark, Reads* reads) const {
  const graph::Parameter& parameter = book_.catalogue.parameters()[index];
  std::map<std::string, graph::DimensionValue> given;
  if (dimensions != nullptr) {
    if (dimensions->has_unknown()) return feel::UnionOfUnknowns(std::span(dimensions, 1));
    if (!dimensions->is(feel::Kind::kContext)) return feel::Value::Null();
    for (const feel::Value::Entry& entry : dimensions->context()) {
      if (entry.value.is(feel::Kind::kString)) {
        given.emplace(entry.name, entry.value.string());
      } else if (entry.value.is(feel::Kind::kNumber) && entry.value.number().ToInt64()) {
        given.emplace(entry.name, *entry.value.number().ToInt64());
      } else {
        return feel::Value::Null();  // the dimension does not apply, so no value of the table does
      }
    }
  }
  const graph::ParameterValue* value = parameter.On(today_, region, given);
  if (value == nullptr) return feel::Value::Unknown(kParameterInput | index);
  mark.unconfirmed |= value->verification != graph::Verification::kConfirmed;
  if (reads != nullptr) reads->AddParameter({parameter.id, value});
  if (const auto* number = std::get_if<Decimal>(&value->value)) return feel::Value::Number(*number);
  return feel::Value::OfDate(std::get<Date>(value->value));
}

}  // namespace kstati::eligibility
