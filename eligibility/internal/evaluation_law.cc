// SPDX-License-Identifier: Apache-2.0
// Values of law: what parameter() gives a rule.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "eligibility/internal/frame_environment.h"

namespace kstati::eligibility {
namespace {

// The dimensions of one call after another, in memory that they share.
class Given {
 public:
  using Dimensions = std::map<std::string, graph::DimensionValue>;

  const Dimensions& dimensions() const { return dimensions_; }

  void Clear() {
    while (!dimensions_.empty()) spare_.push_back(dimensions_.extract(dimensions_.begin()));
  }
  template <class T>
  void Add(const std::string& name, const T& value) {
    if (spare_.empty()) {
      dimensions_.emplace(name, value);
      return;
    }
    Dimensions::node_type node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = name;
    node.mapped() = value;
    dimensions_.insert(std::move(node));
  }

 private:
  Dimensions dimensions_;
  std::vector<Dimensions::node_type> spare_;
};

}  // namespace

feel::Value Evaluation::CallParameter(std::span<const feel::Value> arguments,
                                      FrameEnvironment& environment) {
  KSTATI_CHECK(arguments[0].is(feel::Kind::kString));  // checked when compiled
  const auto found = book_.parameter_index.find(arguments[0].string());
  KSTATI_CHECK(found != book_.parameter_index.end());
  std::string_view region = graph::kFederal;
  if (book_.parameter_regional[found->second]) {
    if (book_.region_slot == kNone) return feel::Value::Unknown(kParameterInput | found->second);
    const Cell& where = Load(kApplicantFrame, book_.region_slot);
    if (where.value.is_unknown()) return where.value;
    environment.Note({kNone, found->second, nullptr});
    region = where.value.is(feel::Kind::kString) ? std::string_view(where.value.string())
                                                 : std::string_view();
  }
  return LawValue(found->second, arguments.size() > 1 ? &arguments[1] : nullptr, region,
                  environment);
}

feel::Value Evaluation::LawValue(uint32_t index, const feel::Value* dimensions,
                                 std::string_view region, FrameEnvironment& environment) const {
  const graph::Parameter& parameter = book_.catalogue.parameters()[index];
  thread_local Given given;
  given.Clear();
  if (dimensions != nullptr) {
    if (dimensions->has_unknown()) return feel::UnionOfUnknowns(std::span(dimensions, 1));
    if (!dimensions->is(feel::Kind::kContext)) return feel::Value::Null();
    for (const feel::Value::Entry& entry : dimensions->context()) {
      if (entry.value.is(feel::Kind::kString)) {
        given.Add(entry.name, entry.value.string());
      } else if (entry.value.is(feel::Kind::kNumber) && entry.value.number().ToInt64()) {
        given.Add(entry.name, *entry.value.number().ToInt64());
      } else {
        return feel::Value::Null();  // the dimension does not apply, so no value of the table does
      }
    }
  }
  const graph::ParameterValue* value =
      parameter.On(today_, std::string(region), given.dimensions());
  if (value == nullptr) return feel::Value::Unknown(kParameterInput | index);
  environment.Note({kNone, index, value});
  if (const auto* number = std::get_if<Decimal>(&value->value)) return feel::Value::Number(*number);
  return feel::Value::OfDate(std::get<Date>(value->value));
}

}  // namespace kstati::eligibility
