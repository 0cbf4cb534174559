// SPDX-License-Identifier: Apache-2.0
#include "eligibility/questions/answers.h"

#include <algorithm>

namespace kstati::eligibility::questions {
namespace {

// The person in the attribute's role; 0 when nobody is known in it.
CitizenId InRole(const profile::Attribute& attribute, const Subject& subject) {
  const CitizenId applicant = subject.household->person->citizen();
  if (attribute.holder() == "person") return applicant;
  if (subject.about != nullptr) return subject.about->citizen();
  return attribute.holder() == "about" ? applicant : CitizenId();
}

const profile::FactView* ViewOf(CitizenId citizen, const Subject& subject) {
  if (subject.about != nullptr && subject.about->citizen() == citizen) return subject.about.get();
  return subject.household->Find(citizen).get();
}

Result<FactKey> CheckAsked(const Answer& answer, const Subject& subject,
                           const profile::Dictionary& dictionary) {
  const profile::Attribute* attribute = dictionary.Find(answer.attribute);
  if (attribute == nullptr) {
    const std::string nearest = dictionary.NearestAttribute(answer.attribute.text());
    return Fail(ErrorCode::kNotFound, "there is no such attribute", {},
                nearest.empty() ? "use the id that the question has" : "did you mean " + nearest);
  }
  const profile::Attribute& recorded = RecordedOf(*attribute, dictionary);
  if (!MayBeAsked(recorded, dictionary)) {
    const std::string source = recorded.is_reported() ? "registry " + recorded.registry.text()
                                                      : std::string("its expression");
    return Fail(ErrorCode::kInvalidArgument, "nobody may be asked for it", {},
                "leave it out: it comes from " + source);
  }
  const CitizenId citizen =
      answer.citizen == CitizenId() ? InRole(*attribute, subject) : answer.citizen;
  if (citizen == CitizenId()) return FactKey{citizen, attribute->index};
  const profile::FactView* view = ViewOf(citizen, subject);
  if (view == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "it is about somebody outside of the household", {},
                "give the citizen that the question names");
  }
  if (view->Find(recorded.id) != nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "it is recorded already", {},
                "leave it out; a wrong record is corrected where it was made");
  }
  return FactKey{citizen, recorded.index};
}

Result<void> CheckValue(const profile::FactValue& value, const profile::Attribute& attribute,
                        Date today) {
  const std::string type(profile::NameOf(attribute.type));
  const bool empty = std::holds_alternative<profile::NotApplicable>(value);
  if (empty || !profile::HasType(value, attribute.type)) {
    return Fail(ErrorCode::kInvalidArgument, "the answer has no value of its type", {},
                "give a " + type + ", or say that it is not known");
  }
  const auto* code = std::get_if<std::string>(&value);
  if (code == nullptr || attribute.codes.empty()) return {};
  const std::string problem = attribute.WhyNotOn(*code, today);
  if (problem.empty()) return {};
  std::string list;
  for (const std::string& each : attribute.CodesOn(today))
    list += (list.empty() ? "" : ", ") + each;
  return Fail(ErrorCode::kInvalidArgument, problem, {}, "give one of: " + list);
}

Result<void> Take(const Answer& answer, const Subject& subject,
                  const profile::Dictionary& dictionary, Answered& answered) {
  KSTATI_TRY(const FactKey key, CheckAsked(answer, subject, dictionary));
  const profile::Attribute& attribute = dictionary.at(key.second);
  std::erase_if(answered.known, [&](const Assumption& earlier) {
    return earlier.citizen == key.first && earlier.attribute == attribute.id;
  });
  answered.not_known.erase(key);
  answered.last = key;
  if (answer.value) {
    KSTATI_TRY_VOID(CheckValue(*answer.value, RecordedOf(attribute, dictionary), subject.day()));
    answered.known.push_back({key.first, attribute.id, *answer.value});
  } else {
    answered.not_known.insert(key);
  }
  return {};
}

}  // namespace

const profile::Attribute& RecordedOf(const profile::Attribute& attribute,
                                     const profile::Dictionary& dictionary) {
  const profile::Attribute* recorded = &attribute;
  while (!recorded->same_as.empty()) {
    const profile::Attribute* target = dictionary.Find(recorded->same_as);
    if (target == nullptr || target == &attribute) break;  // the dictionary's loader reports it
    recorded = target;
  }
  return *recorded;
}

bool MayBeAsked(const profile::Attribute& attribute, const profile::Dictionary& dictionary) {
  const profile::Attribute& recorded = RecordedOf(attribute, dictionary);
  return recorded.is_reported() && recorded.askable &&
         recorded.completeness == profile::Completeness::kOpen;
}

Result<Answered> Check(std::span<const Answer> answers, const Subject& subject,
                       const profile::Dictionary& dictionary, size_t max_answers) {
  if (answers.size() > max_answers) {
    return Fail(ErrorCode::kLimitExceeded, "there are too many answers", "answers",
                "give at most " + std::to_string(max_answers));
  }
  Answered answered;
  for (const Answer& answer : answers) {
    if (Result<void> taken = Take(answer, subject, dictionary, answered); !taken) {
      return Fail(AtPlace(std::move(taken).error(), "answer about " + answer.attribute.text()));
    }
  }
  return answered;
}

}  // namespace kstati::eligibility::questions
