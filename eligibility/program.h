// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/issue.h"
#include "base/result.h"
#include "base/time.h"
#include "eligibility/certificate.h"
#include "eligibility/decision.h"
#include "eligibility/feel/work.h"
#include "graph/catalogue.h"
#include "profile/dictionary.h"
#include "profile/household.h"

namespace kstati::eligibility {

// A value that a fact is taken to have: an answer that nobody has recorded yet, or a "what if". It
// stands before the recorded fact, and before the expression of a derived attribute.
struct Assumption {
  CitizenId citizen;      // as Missing names it; 0: of whoever is in a role that nobody is known in
  AttributeId attribute;  // of the dictionary, or "event.date", or a "relation.*"
  profile::FactValue value;
};

// An expression that exceeded a limit and was cut short, so that nothing is known of its value.
struct Overrun {
  std::string rule;   // its text, or the attribute that a decision model decides
  size_t offset = 0;  // in the text, where it was cut short
  std::string why;    // "the evaluation was cut short: it takes longer than 2000 ms"
};

// Who a decision is about: the applicant's household, and the people of other roles.
struct Subject {
  const profile::Household* household = nullptr;   // of the applicant
  std::shared_ptr<const profile::FactView> about;  // child or deceased; null: the applicant
  std::optional<Date> event_date;                  // day of the life event behind the decision
  // The subject is made up (an example): a fact under a derived attribute's id replaces its
  // expression, and relations are unknown instead of absent.
  bool only_stated = false;
  std::vector<Assumption> assumed = {};  // the last one of the same fact counts
  // No record means unknown in complete registries too: nobody has looked yet.
  bool nothing_recorded = false;
  // What if it were that day, and the household's records held on it. Absent: the household's day.
  std::optional<Date> today = {};
  // The regulation is the version in force on that day. Absent: on the day above.
  std::optional<Date> law_on = {};
  // For an author who tries rules: time is limited too, and what is cut short is told here.
  std::vector<Overrun>* overruns = nullptr;

  Date day() const { return today ? *today : household->person->as_of().valid_at; }
  Date law_day() const { return law_on ? *law_on : day(); }
};

struct Rulebook;

namespace questions {
class Rules;
}  // namespace questions

// The catalogue's criteria and derived attributes, compiled once. Immutable; shared by all threads.
class Program {
 public:
  // Compiles everything; every problem in a rule is an issue with its place. The catalogue and the
  // dictionary must outlive the program. Expressions with errors decide nothing: check issues
  // first.
  Program(const graph::Catalogue& catalogue, const profile::Dictionary& dictionary,
          std::vector<Issue>& issues);
  ~Program();

  // Decides one service of the catalogue on the day and knowledge of the household. With `explain`,
  // `criteria` is filled. Pure: the same arguments give the same decision, at any time. For several
  // services of one subject use an Inquiry.
  Decision Decide(const graph::Service& service, const Subject& subject, bool explain) const;

  // The decision that Decide gives, as a document that a program without this engine can check:
  // docs/reference/certificate.md. The same arguments give the same bytes. kUnsupported when a rule
  // it rests on uses an operation that certificates cannot carry; kInvalidArgument when the subject
  // has assumptions or supposes another day or another day's law.
  Result<std::string> Certify(const graph::Service& service, const Subject& subject,
                              const CertificateTerms& terms) const;

  // The value of any attribute (also derived ones) for the subject; nullopt when unknown.
  std::optional<profile::FactValue> Evaluate(const AttributeId& attribute,
                                             const Subject& subject) const;

  const graph::Catalogue& catalogue() const;
  const profile::Dictionary& dictionary() const;
  // For the module's own parts; others cannot see what it is.
  const Rulebook& book() const { return *book_; }

 private:
  friend class Inquiry;
  friend class questions::Rules;

  std::unique_ptr<const Rulebook> book_;
};

class Evaluation;

// Decisions about one subject that share everything they have in common: every fact is looked up,
// every derived attribute and every part that rules have in common computed once. Each decision is
// the one Program::Decide gives. For one thread; program, household and catalogue must outlive it.
class Inquiry {
 public:
  Inquiry(const Program& program, Subject subject);
  ~Inquiry();
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;

  // Evaluates every criterion, so that a "no" has all its grounds. Where facts are missing and few,
  // decides what holds whatever they turn out to be ("not applicable" included), and asks for none
  // that cannot change the outcome. A regulation that is not there
  // gives a "no" without grounds. A service about a child or deceased without `about` is at best
  // undetermined.
  Decision Decide(const graph::Service& service, bool explain);

  // The verdict of Decide, for those who need no more. Where no fact is missing, it allocates
  // nothing that an inquiry about an earlier subject did not.
  Verdict VerdictOn(const graph::Service& service);

  // The value of any attribute (also derived ones); nullopt when unknown or not in the dictionary.
  std::optional<profile::FactValue> Evaluate(const AttributeId& attribute);

  // Asks about another subject from now on, in the same memory.
  void Restart(Subject subject);
  // Of all rules, since it was made.
  feel::Work work() const;

 private:
  friend class Program;

  Evaluation& Plain();
  Evaluation& Recording();

  const Rulebook& book_;
  Subject subject_;
  std::unique_ptr<Evaluation> plain_;
  std::unique_ptr<Evaluation> recording_;
};

// Runs the examples of every service: an error for each that comes out otherwise, with what came
// out; a warning for a service without an example of a "yes" (eligible or likely), and for a ground
// that some criterion cites and no example is refused on.
std::vector<Issue> RunExamples(const Program& program);

}  // namespace kstati::eligibility
