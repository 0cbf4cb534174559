// SPDX-License-Identifier: Apache-2.0
// Reads courses.yaml, which may be absent: then there is none.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "graph/internal/procedure_rules.h"
#include "graph/internal/reader.h"

namespace kstati::graph {
namespace {

template <class Table>
std::vector<std::string> WordsOf(const Table& table) {
  std::vector<std::string> words;
  for (const auto& entry : table) words.emplace_back(entry.name);
  return words;
}

template <class Table>
auto ValueNamed(const Table& table, const std::optional<std::string>& name)
    -> std::optional<decltype(table.front().value)> {
  for (const auto& entry : table) {
    if (name && entry.name == *name) return entry.value;
  }
  return std::nullopt;
}

std::optional<ProcedureKind> KindNamed(const std::optional<std::string>& name) {
  for (const ProcedureRules& rules : kProcedureRules) {
    if (name && rules.name == *name) return rules.kind;
  }
  return std::nullopt;
}

Term ReadNorm(const yaml::Node& node) {
  Term term;
  term.value = ReadCount(node.Require("value"), kLongestTerm);
  const std::optional<std::string> unit =
      node.Require("unit").OneOf({"minutes", "working_days", "calendar_days", "months"});
  if (unit) term.unit = ParseTermUnit(*unit).value();
  node.RejectUnknownKeys();
  return term;
}

void ReadTakes(const yaml::Node& node, const ProcedureRules& rules, Procedure& procedure) {
  for (const std::string& word : ReadWords(node, WordsOf(kMatterNames))) {
    procedure.takes.push_back(*ValueNamed(kMatterNames, std::optional(word)));
  }
  const bool has = std::ranges::any_of(rules.needs_one_of, [&](Matter matter) {
    return std::ranges::find(procedure.takes, matter) != procedure.takes.end();
  });
  if (has || !node.is_list()) return;
  const auto& [one, other] = rules.needs_one_of;
  std::string needed(NameOf(one));
  if (other != one) needed += " or " + std::string(NameOf(other));
  node.Problem("a procedure of the kind " + std::string(rules.name) + " takes " + needed,
               "add it to `takes`");
}

void ReadGives(const yaml::Node& node, const ProcedureRules& rules, Procedure& procedure) {
  procedure.gives = rules.gives;
  const auto given = ValueNamed(kMatterNames, node.OneOf(WordsOf(kMatterNames)));
  if (!given || *given == rules.gives) return;
  node.Problem("a procedure of the kind " + std::string(rules.name) + " gives " +
                   std::string(NameOf(rules.gives)),
               "write `gives: " + std::string(NameOf(rules.gives)) + "`");
}

void ReadCriteria(const yaml::Node& map, const ProcedureRules& rules, Procedure& procedure) {
  const yaml::Node starts = map.Require("starts");
  procedure.starts = rules.starts.front();
  if (const auto start = ValueNamed(kStartNames, starts.OneOf(WordsOf(kStartNames)))) {
    procedure.starts = *start;
    if (std::ranges::find(rules.starts, *start) == rules.starts.end()) {
      starts.Problem("a procedure of the kind " + std::string(rules.name) +
                         " does not start by this criterion",
                     "it starts when " + std::string(NameOf(rules.starts.front())));
    }
  }
  procedure.ends = rules.ends;
  const yaml::Node ends = map.Get("ends");
  if (!ends) {
    map.Problem("the procedure " + std::string(rules.name) + " has no criterion by which it ends",
                "write `ends: " + std::string(NameOf(rules.ends)) + "`");
    return;
  }
  const auto end = ValueNamed(kEndNames, ends.OneOf(WordsOf(kEndNames)));
  if (!end || *end == rules.ends) return;
  ends.Problem(
      "a procedure of the kind " + std::string(rules.name) + " does not end by this criterion",
      "write `ends: " + std::string(NameOf(rules.ends)) + "`");
}

void ReadTimeOut(const yaml::Node& map, const ProcedureRules& rules, Procedure& procedure) {
  const yaml::Node node = map.Get("on_time_out");
  if (!rules.waits) {
    if (node) node.Problem("this procedure waits for nobody", "leave `on_time_out` out");
    return;
  }
  const std::optional<std::string> word = map.Require("on_time_out").OneOf({"refer", "resume"});
  procedure.on_time_out = word == "resume" ? TimeOut::kResume : TimeOut::kRefer;
}

std::optional<Procedure> ReadProcedure(const yaml::Node& node) {
  std::vector<std::string> kinds;
  for (const ProcedureRules& rules : kProcedureRules) kinds.emplace_back(rules.name);
  const std::optional<ProcedureKind> kind = KindNamed(node.Require("kind").OneOf(kinds));
  if (!kind) return std::nullopt;
  const ProcedureRules& rules = RulesOf(*kind);
  Procedure procedure;
  procedure.kind = *kind;
  procedure.location = node.location();
  ReadTakes(node.Require("takes"), rules, procedure);
  ReadGives(node.Require("gives"), rules, procedure);
  ReadCriteria(node, rules, procedure);
  procedure.norm = ReadNorm(node.Require("norm"));
  if (node.Require("by").OneOf({"machine", "official"}) == "official") {
    procedure.by = Performer::kOfficial;
  }
  ReadTimeOut(node, rules, procedure);
  node.RejectUnknownKeys();
  return procedure;
}

// Everything a procedure takes must be there before it: from outside, or from an earlier one.
void CheckReachable(const Course& course, const std::vector<yaml::Node>& nodes) {
  std::set<Matter> there{Matter::kFacts, Matter::kApplication};
  std::set<ProcedureKind> kinds;
  for (size_t i = 0; i < course.procedures.size(); ++i) {
    const Procedure& procedure = course.procedures[i];
    const std::string name(NameOf(procedure.kind));
    if (!kinds.insert(procedure.kind).second) {
      nodes[i].Problem("the procedure " + name + " stands twice in this course",
                       "keep one of the two");
    }
    for (const Matter matter : procedure.takes) {
      if (there.contains(matter)) continue;
      nodes[i].Problem("the procedure " + name + " is never reached: nothing before it gives " +
                           std::string(NameOf(matter)),
                       "move it after the one that does, or add that one");
    }
    there.insert(procedure.gives);
  }
}

void CheckComplete(const Course& course, const yaml::Node& list) {
  if (!list.is_list()) return;
  const auto require = [&](ProcedureKind kind, const std::string& why) {
    if (course.Has(kind)) return;
    list.Problem("the course has no procedure of the kind " + std::string(NameOf(kind)), why);
  };
  require(ProcedureKind::kDecision, "an application must be decided");
  require(ProcedureKind::kResult, "whoever applied must get the result");
  if (!course.Has(ProcedureKind::kAcceptance) && !course.Has(ProcedureKind::kProactiveStart)) {
    list.Problem("nothing puts an application on record",
                 "add a procedure of the kind acceptance or proactive_start");
  }
}

// What a typical course and a regulation's own have in common.
void ReadParts(const yaml::Node& node, Course& course) {
  course.location = node.location();
  const yaml::Node list = node.Require("procedures");
  std::vector<yaml::Node> nodes;
  bool all_known = true;
  for (const yaml::Node& item : list.Items()) {
    std::optional<Procedure> procedure = ReadProcedure(item);
    all_known &= procedure.has_value();
    if (!procedure) continue;
    course.procedures.push_back(*std::move(procedure));
    nodes.push_back(item);
  }
  if (all_known) {
    CheckReachable(course, nodes);
    CheckComplete(course, list);
  }
  const std::optional<std::string> policy =
      node.Require("new_version").OneOf({"pinned", "better_for_person"});
  if (policy == "pinned") course.new_version = NewVersion::kPinned;
  course.pre_check_holds = ReadNorm(node.Require("pre_check_holds"));
  course.irrevocable = node.Get("irrevocable").Boolean().value_or(false);
}

Course ReadTypical(Reader& reader, const yaml::Node& node) {
  Course course;
  course.id = reader.Declare(Kind::kCourse, node.Require("id"));
  course.name = node.Require("name").Texts().value_or(Bilingual());
  ReadParts(node, course);
  for (const std::string& mode : ReadWords(node.Get("default_for"), {"on-request", "proactive"})) {
    (mode == "proactive" ? course.default_proactive : course.default_on_request) = true;
  }
  return course;
}

void CheckDefaults(const std::vector<Course>& courses, std::vector<Issue>& issues) {
  for (const auto flag : {&Course::default_on_request, &Course::default_proactive}) {
    const Course* first = nullptr;
    for (const Course& course : courses) {
      if (!(course.*flag)) continue;
      if (first != nullptr) {
        issues.push_back(Issue{Severity::kError, course.location,
                               "two courses are the default of the same mode",
                               "the other is " + first->id});
      }
      first = &course;
    }
  }
}

}  // namespace

// Fills Courses; the only one who may.
class CourseReader {
 public:
  static void ReadTypicalOnes(Reader& reader, const std::string& folder) {
    const std::string path = folder + "/courses.yaml";
    if (!std::filesystem::exists(path)) return;
    std::vector<Course>& typical = reader.courses().typical_;
    ReadListFile(reader, path, "courses",
                 [&](const yaml::Node& node) { typical.push_back(ReadTypical(reader, node)); });
    CheckDefaults(typical, reader.issues());
    std::ranges::sort(typical, {}, &Course::id);
  }

  static void ReadOf(Reader& reader, const yaml::Node& map, const ServiceId& service,
                     const Regulation& regulation) {
    const yaml::Node node = map.Get("course");
    const std::pair key(service, regulation.in_force.from);
    if (node.is_scalar()) {
      reader.courses().named_[key] = reader.Refer(Kind::kCourse, node);
    } else if (node) {
      Course own;
      ReadParts(node, own);
      node.RejectUnknownKeys();
      reader.courses().own_.insert_or_assign(key, std::move(own));
    }
    const yaml::Node place = node ? node : map.Get("mode");
    reader.Later([&reader, place, service, from = regulation.in_force.from](const Catalogue& all) {
      const Service& read = *all.FindService(service);
      const Regulation* stated = read.RegulationOn(from);
      if (stated != nullptr) CheckCourse(reader.courses(), read, *stated, place);
    });
  }

 private:
  // A regulation that the state may start needs a course that starts so, and one that people apply
  // for needs acceptance.
  static void CheckCourse(const Courses& courses, const Service& service,
                          const Regulation& regulation, const yaml::Node& node) {
    const Course* course = courses.Of(service, regulation);
    if (course == nullptr) {
      const bool none = courses.typical().empty();
      if (node.is_map() || none || node.Text() != NameOf(regulation.mode)) return;
      node.Problem("no course is the default of this mode", "name one: `course: ID`");
      return;
    }
    const bool acts = regulation.mode == Mode::kProactiveAct;
    if (acts && !course->Has(ProcedureKind::kProactiveStart)) {
      node.Problem("the state starts this service by itself, but its course has no proactive_start",
                   "name a course that has it");
    }
    if (!acts && !course->Has(ProcedureKind::kAcceptance)) {
      node.Problem("people apply for this service, but its course has no acceptance",
                   "name a course that has it");
    }
    const Procedure* decision = course->Find(ProcedureKind::kDecision);
    const bool by_machine = decision != nullptr && decision->by == Performer::kMachine;
    if (regulation.conditions.empty() || course->Has(ProcedureKind::kAssessment) || !by_machine) {
      return;
    }
    node.Problem("nobody assesses the conditions of the regulation that no machine evaluates",
                 "name a course with an assessment, or with a decision by an official");
  }
};

void ReadCourses(Reader& reader, const std::string& folder) {
  CourseReader::ReadTypicalOnes(reader, folder);
}

void ReadCourse(Reader& reader, const yaml::Node& map, const ServiceId& service,
                const Regulation& regulation) {
  CourseReader::ReadOf(reader, map, service, regulation);
}

}  // namespace kstati::graph
