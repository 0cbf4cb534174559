// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/services60_by_hand.h"

#include <algorithm>

#include "base/check.h"
#include "base/decimal.h"
#include "base/time.h"

namespace kstati::bench {
namespace {

using eligibility::feel::Kind;
using eligibility::feel::Value;
using Json = nlohmann::json;

const Date kToday = Date::Of(2026, 7, 1);

int64_t Hundredths(const Decimal& number) { return number.Multiply(100).value().ToInt64().value(); }

int64_t Tenths(const std::string& text) {
  return Decimal::Parse(text).value().Multiply(10).value().ToInt64().value();
}

bool Compares(int64_t a, const std::string& op, int64_t b) {
  if (op == "<") return a < b;
  return op == "<=" ? a <= b : a >= b;
}

}  // namespace

ByHand::ByHand(const Workload& workload) : workload_(workload) {
  for (const ServiceRule& service : workload.services) {
    std::vector<Criterion> criteria;
    for (const Json& json : service.criteria) criteria.push_back(Read(json));
    services_.push_back(std::move(criteria));
  }
}

size_t ByHand::Position(const std::string& name) const {
  for (size_t i = 0; i < workload_.attributes.size(); ++i) {
    if (workload_.attributes[i].name == name) return i;
  }
  KSTATI_CHECK(false);
  return 0;
}

// Words are numbered in the order met.
int64_t ByHand::Code(const std::string& text) {
  const auto found = std::find(codes_.begin(), codes_.end(), text);
  if (found == codes_.end()) codes_.push_back(text);
  return std::find(codes_.begin(), codes_.end(), text) - codes_.begin();
}

ByHand::Criterion ByHand::Read(const Json& json) {
  const std::string form = json.at(0);
  Criterion made;
  if (form == "or") {
    made.form = Criterion::Form::kEither;
    for (size_t i = 1; i < json.size(); ++i) made.either.push_back(Read(json.at(i)));
  } else if (form == "income") {
    made.form = Criterion::Form::kIncome;
    made.low = Tenths(json.at(1));
  } else {
    made.attribute = Position(json.at(1));
  }
  if (form == "in") {
    made.form = Criterion::Form::kIn;
    for (const Json& word : json.at(2)) made.codes.push_back(Code(word));
  } else if (form == "bool") {
    made.low = json.at(2).get<bool>() ? 1 : 0;
  } else if (form == "range") {
    made.form = Criterion::Form::kRange;
    made.low = json.at(2).get<int64_t>() * 100;
    made.high = json.at(3).get<int64_t>() * 100;
  } else if (form == "days") {
    made.form = Criterion::Form::kDays;
    made.op = json.at(2);
    made.low = json.at(3).get<int64_t>();
  } else if (form == "cmp") {
    made.form = Criterion::Form::kCompare;
    made.op = json.at(2);
    made.low = Hundredths(Decimal::Parse(json.at(3).get<std::string>()).value());
  }
  return made;
}

std::vector<int64_t> ByHand::Encode(const Citizen& citizen) {
  std::vector<int64_t> facts;
  for (const Value& value : citizen) {
    switch (value.kind()) {
      case Kind::kBoolean: facts.push_back(value.boolean() ? 1 : 0); break;
      case Kind::kNumber: facts.push_back(Hundredths(value.number())); break;
      case Kind::kDate: facts.push_back(value.date().days); break;
      default: facts.push_back(Code(value.string())); break;
    }
  }
  return facts;
}

void ByHand::Load(const std::vector<Citizen>& citizens) {
  for (const Citizen& citizen : citizens) encoded_.push_back(Encode(citizen));
  income_ = Position("income_month");
  household_ = Position("household_size");
  minimum_ = Position("region_minimum");
}

bool ByHand::Holds(const Criterion& criterion, const std::vector<int64_t>& facts) const {
  const int64_t fact = facts[criterion.attribute];
  switch (criterion.form) {
    case Criterion::Form::kIn:
      return std::find(criterion.codes.begin(), criterion.codes.end(), fact) !=
             criterion.codes.end();
    case Criterion::Form::kIncome: {
      const int64_t allowed = criterion.low * facts[minimum_] * (facts[household_] / 100);
      return facts[income_] * 10 < allowed;
    }
    case Criterion::Form::kFlag: return fact == criterion.low;
    case Criterion::Form::kRange: return fact >= criterion.low && fact <= criterion.high;
    case Criterion::Form::kDays: return Compares(kToday.days - fact, criterion.op, criterion.low);
    case Criterion::Form::kCompare: return Compares(fact, criterion.op, criterion.low);
    case Criterion::Form::kEither:
      return std::any_of(criterion.either.begin(), criterion.either.end(),
                         [&](const Criterion& each) { return Holds(each, facts); });
  }
  return false;
}

std::vector<std::string> ByHand::Decide() const {
  std::vector<std::string> letters(encoded_.size(), std::string(services_.size(), 'F'));
  for (size_t i = 0; i < encoded_.size(); ++i) {
    for (size_t s = 0; s < services_.size(); ++s) {
      const bool all =
          std::all_of(services_[s].begin(), services_[s].end(),
                      [&](const Criterion& criterion) { return Holds(criterion, encoded_[i]); });
      if (all) letters[i][s] = 'T';
    }
  }
  return letters;
}

}  // namespace kstati::bench
