// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/graph/drawing.h"

#include <algorithm>
#include <random>
#include <sstream>

#include "base/check.h"

namespace kstati::graph {
namespace {

std::string Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

// The parts between separators, trimmed; none of an empty text.
std::vector<std::string> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(Trimmed(text.substr(start, end - start)));
    start = end + separator.size();
  }
  if (parts.size() == 1 && parts[0].empty()) parts.clear();
  return parts;
}

std::set<AttributeId> Documents(std::string_view names) {
  std::set<AttributeId> ids;
  for (const std::string& name : Split(names, "+")) ids.insert(Document(name));
  return ids;
}

std::string ListOf(std::string_view names, std::string_view separator) {
  std::string list;
  for (const std::string& name : Split(names, separator)) {
    list += (list.empty() ? "" : ", ") + Document(name).text();
  }
  return "[" + list + "]";
}

std::string InputsOf(std::string_view names) {
  std::string list;
  for (const std::string& name : Split(names, "+")) {
    list += (list.empty() ? "" : ", ") + ("{any_of: " + ListOf(name, "|") + "}");
  }
  return "[" + list + "]";
}

struct Options {
  std::string term = "{value: 15, unit: minutes, from: request}";
  std::string visits = "0";
  std::string priority = "50";
  std::string fee = "amount: 0";
  std::string channel;
  std::string scenarios;   // entries of the list; empty: there is none
  std::string after;       // services
  std::string parameters;  // entries that the fee needs
  std::string about = "person";
  bool outside = false;
  Permission permission = Permission::kAllowed;
  std::vector<std::string> only_if;
  std::vector<std::string> unless;
  std::optional<Date> until;
  std::optional<Date> from;
  std::optional<Date> doubtful;
};

std::string ParameterEntry(const std::string& id, const std::string& values) {
  return "  - {id: " + id +
         ", name: {ru: a, en: b}, unit: RUB, type: number, act: fz_81, values: [" + values + "]}\n";
}

std::string ValueEntry(const std::string& value, const std::string& from, const std::string& to) {
  return "{from: " + from + (to.empty() ? "" : ", to: " + to) + ", region: RU, value: " + value +
         ", verification: from_knowledge}";
}

// "500", "?", "500 from 2026-03-10 700" or "500 halved until 2026-03-10".
void ReadFee(const std::string& service, const std::string& amount, std::istringstream& rest,
             Options& options) {
  std::string how;
  std::string second;
  std::string third;
  rest >> how >> second >> third;
  options.fee = amount == "?" ? "text: {ru: a, en: b}" : "amount: " + amount;
  if (how == "from") {
    const std::string before = Date::Parse(second).value().AddDays(-1).ToString();
    options.fee = "parameter: fee_" + service;
    options.parameters = ParameterEntry("fee_" + service, ValueEntry(amount, "2024-01-01", before) +
                                                              ", " + ValueEntry(third, second, ""));
  } else if (how == "halved") {
    options.fee += ", discounts: [{factor: half_" + service + ", channel: epgu}]";
    options.channel = "epgu";
    options.parameters = ParameterEntry("half_" + service, ValueEntry("0.5", "2024-01-01", third));
  }
}

// "2wd".
std::string TermOf(const std::string& text) {
  const size_t unit = text.find_first_not_of("0123456789");
  const std::string name = text.substr(unit);
  KSTATI_CHECK(name == "wd" || name == "cd" || name == "m");
  return "value: " + text.substr(0, unit) + ", unit: " +
         (name == "wd"   ? "working_days"
          : name == "cd" ? "calendar_days"
                         : "months");
}

// "accelerated mfc 1 2wd 900".
std::string ScenarioEntry(std::istringstream& words) {
  std::string kind;
  std::string channels;
  std::string visits;
  std::string term;
  std::string fee;
  words >> kind >> channels >> visits >> term >> fee;
  std::ranges::replace(channels, '/', ',');
  return "{kind: " + kind + ", channels: [" + channels + "], visits: " + visits +
         (term == "-" ? "" : ", term: {" + TermOf(term) + "}") +
         (fee == "-" ? "" : ", fee: {amount: " + fee + "}") + "}";
}

Options ReadOptions(const std::string& service, const std::string& text) {
  Options options;
  for (const std::string& option : Split(text, ",")) {
    std::istringstream words(option);
    std::string first;
    std::string second;
    words >> first >> second;
    if (first == "visits") {
      options.visits = second;
    } else if (first == "priority") {
      options.priority = second;
    } else if (first == "fee") {
      ReadFee(service, second, words, options);
    } else if (first == "if") {
      options.only_if.push_back(second);
    } else if (first == "unless") {
      options.unless.push_back(second);
    } else if (first == "until") {
      options.until = Date::Parse(second).value();
    } else if (first == "from") {
      options.from = Date::Parse(second).value();
    } else if (first == "doubtful") {
      options.doubtful = Date::Parse(second).value();
    } else if (first == "by") {
      std::istringstream scenario(option.substr(option.find(' ')));
      options.scenarios += (options.scenarios.empty() ? "" : ", ") + ScenarioEntry(scenario);
    } else if (first == "after") {
      options.after += (options.after.empty() ? "" : ", ") + second;
    } else if (first == "at") {
      options.channel = second == "any" ? "mfc, office" : second;
    } else if (first == "outside") {
      options.outside = true;
    } else if (first == "about") {
      options.about = second;
    } else if (first == "maybe" || first == "forbidden") {
      options.permission = first == "maybe" ? Permission::kUndetermined : Permission::kForbidden;
    } else {
      options.term = "{" + TermOf(first + second) + ", from: request}";
    }
  }
  return options;
}

std::string ServiceFile(const std::string& id, const std::string& inputs,
                        const std::string& outputs, const Options& options) {
  return "service: " + id +
         "\nname: {ru: a, en: b}\nsummary: {ru: a, en: b}\nauthority: sfr\nlevel: federal\n"
         "about: " +
         options.about + "\npriority: " + options.priority +
         "\nregulations:\n  - from: 2024-01-01\n    verification: from_knowledge\n"
         "    as_of: 2026-03\n    mode: on-request\n    triggers: []\n    inputs: " +
         inputs + "\n    outputs: " + outputs +
         "\n    criteria: []\n    grounds: []\n    term: " + options.term + "\n    fee: {" +
         options.fee + "}\n    after: [" + options.after + "]\n" +
         (options.scenarios.empty()
              ? "    visits: " + options.visits + "\n    channels: [" + options.channel + "]\n"
              : "    scenarios: [" + options.scenarios + "]\n");
}

std::string ShortDate(Date date) { return date.ToString().substr(5); }

}  // namespace

AttributeId Document(std::string_view name) { return AttributeId("doc." + std::string(name)); }

std::string ManyGoals(int goals) {
  std::string names = "g0";
  for (int goal = 1; goal < goals; ++goal) names += " + g" + std::to_string(goal);
  return names;
}

std::string ManyWays(int goals, int services, const std::string& option) {
  std::mt19937 random(11);
  std::string lines;
  for (int i = 0; i < services; ++i) {
    std::set<std::string> given;
    while (given.size() < 4) given.insert("g" + std::to_string(random() % goals));
    lines += "a -> s" + std::to_string(i) + " -> ";
    for (const std::string& goal : given) lines += (goal == *given.begin() ? "" : " + ") + goal;
    lines += " [" + std::to_string(1 + random() % 40) + " wd, visits " +
             std::to_string(random() % 4) + ", fee " + std::to_string(random() % 3000) +
             (option.empty() ? "" : ", " + option) + "]\n";
  }
  return lines;
}

Drawing::Drawing(std::string_view lines) {
  files_.Remove("services/snils_newborn.yaml");
  files_.Remove("situations/child_birth.yaml");
  for (const std::string& line : Split(lines, "\n")) {
    if (line.empty()) continue;
    const size_t bracket = std::min(line.find('['), line.size());
    const std::vector<std::string> parts = Split(line.substr(0, bracket), "->");
    KSTATI_CHECK(parts.size() == 3);
    const Options options = ReadOptions(
        parts[1], bracket == line.size() ? std::string()
                                         : line.substr(bracket + 1, line.rfind(']') - bracket - 1));
    if (!options.parameters.empty()) files_.Append("parameters/family.yaml", options.parameters);
    files_.Write("services/" + parts[1] + ".yaml",
                 ServiceFile(parts[1], InputsOf(parts[0]), ListOf(parts[2], "+"), options));
    lines_.push_back(Line{parts[1], options.outside, options.permission, options.only_if,
                          options.unless, options.until, options.from, options.doubtful});
  }
}

Drawing& Drawing::Goals(std::string_view names) {
  goals_ = Documents(names);
  return *this;
}

Drawing& Drawing::Held(std::string_view names) {
  held_ = Documents(names);
  return *this;
}

Drawing& Drawing::StateHolds(std::string_view names) {
  state_holds_ = Documents(names);
  return *this;
}

Drawing& Drawing::Renews(std::string_view goals) {
  renews_ = Documents(goals);
  return *this;
}

Drawing& Drawing::Ended(std::string_view names) {
  ended_ = Documents(names);
  return *this;
}

Drawing& Drawing::Lacks(std::string_view names) {
  lacks_ = Documents(names);
  return *this;
}

Drawing& Drawing::Exclude(std::string_view services) {
  for (const std::string& service : Split(services, "+")) exclusive_.insert(ServiceId(service));
  return *this;
}

Drawing& Drawing::ValidFor(std::string_view name, int64_t days) {
  valid_for_[Document(name)] = Period{0, days};
  return *this;
}

Drawing& Drawing::Expires(std::string_view held, std::string_view last_day) {
  expires_[Document(held)] = Date::Parse(last_day).value();
  return *this;
}

Drawing& Drawing::Closed(std::string_view service, const std::vector<std::string>& days_off) {
  WorkingCalendar::Year year;
  year.year = 2026;
  for (const std::string& day : days_off) year.days_off.insert(Date::Parse(day).value());
  OtherCalendar& other = other_calendars_.emplace_back();
  other.id = service;
  other.services.emplace_back(std::string(service));
  other.calendar = WorkingCalendar({year});
  return *this;
}

Drawing& Drawing::Forbid(const std::set<std::string>& services) {
  forbidden_ = services;
  return *this;
}

Drawing& Drawing::Told(std::string_view services) {
  for (const std::string& service : Split(services, "+")) told_.insert(ServiceId(service));
  return *this;
}

Drawing& Drawing::UnderWay(std::string_view service, std::string_view due) {
  std::optional<Date>& day = under_way_[ServiceId(std::string(service))];
  if (!due.empty()) day = Date::Parse(due).value();
  return *this;
}

Drawing& Drawing::Channels(std::string_view names) {
  for (std::string& name : Split(names, "+")) channels_.insert(std::move(name));
  return *this;
}

Drawing& Drawing::Start(std::string_view date) {
  start_ = Date::Parse(date).value();
  return *this;
}

Drawing& Drawing::Deadline(search::Deadline deadline) {
  deadline_ = deadline;
  return *this;
}

void Drawing::Load() {
  std::string services;
  for (const Line& line : lines_) {
    if (!line.outside) services += (services.empty() ? "" : ", ") + line.service;
  }
  std::string goals;
  for (const AttributeId& goal : goals_) goals += (goals.empty() ? "" : ", ") + goal.text();
  files_.Write("situations/drawn.yaml",
               "situation: drawn\nname: {ru: a, en: b}\ndescription: {ru: a, en: b}\n"
               "triggers: [event.age_14]\nconcerns: [person]\nabout: person\nlasts: P1M\n"
               "services: [" +
                   services + "]\ngoals: [" + goals + "]\nverification: from_knowledge\n");
  catalogue_ = files_.Load();
  KSTATI_CHECK(!HasErrors(files_.issues()));
  calendars_ = Calendars(other_calendars_);
  graph_ = std::make_unique<ServiceGraph>(catalogue_, start_, &calendars_);
}

const ServiceGraph& Drawing::graph() {
  if (!graph_) Load();
  return *graph_;
}

Standing Drawing::StandingOf(const ServiceId& id, const Given& given, Date day) const {
  const auto line = std::ranges::find(lines_, id.text(), &Line::service);
  if (line == lines_.end() || forbidden_.contains(id.text())) {
    return Standing{Permission::kForbidden};
  }
  Standing standing{line->permission};
  const auto there = [&](const std::string& name) {
    standing.reads.push_back(Document(name));
    return held_.contains(Document(name)) || given.attributes.contains(Document(name));
  };
  for (const std::string& name : line->only_if) {
    if (!there(name)) standing.permission = Permission::kForbidden;
  }
  for (const std::string& name : line->unless) {
    if (there(name)) standing.permission = Permission::kForbidden;
  }
  if (line->doubtful && day >= *line->doubtful) standing.permission = Permission::kUndetermined;
  const bool is_over = line->until && day > *line->until;
  if (is_over || (line->from && day < *line->from)) standing.permission = Permission::kForbidden;
  return standing;
}

Chain Drawing::Solve() {
  const ChainRequest request = MakeRequest();
  return BuildChain(*graph_, request);
}

std::vector<ChainOption> Drawing::Choices() {
  const ChainRequest request = MakeRequest();
  return FindOptions(*graph_, request);
}

ChainFront Drawing::Front() {
  const ChainRequest request = MakeRequest();
  return FindChainFront(*graph_, request);
}

std::vector<Obstacles> Drawing::InTheWay() {
  const ChainRequest request = MakeRequest();
  return FindObstacles(*graph_, request);
}

ChainRequest Drawing::MakeRequest() {
  Load();
  asked_.clear();
  ChainRequest request;
  request.situation = catalogue_.FindSituation(SituationId("drawn"));
  request.held = held_;
  request.expires = expires_;
  request.told = told_;
  request.under_way = under_way_;
  request.channels = channels_;
  request.valid_for = [this](const AttributeId& id) -> std::optional<Period> {
    const auto found = valid_for_.find(id);
    return found == valid_for_.end() ? std::nullopt : std::optional(found->second);
  };
  request.start = start_;
  request.deadline = deadline_;
  request.state_holds = [this](const AttributeId& id) { return state_holds_.contains(id); };
  request.standing = [this](const ServiceId& id, const Given& given) {
    asked_.push_back(id.text());
    return StandingOf(id, given, start_);
  };
  const bool changes_in_time = std::ranges::any_of(
      lines_, [](const Line& line) { return line.until || line.from || line.doubtful; });
  if (changes_in_time) {
    request.standing_on = [this](const ServiceId& id, const Given& given, Date day) {
      return StandingOf(id, given, day);
    };
  }
  request.go_together = [this](const std::vector<ServiceId>& services) {
    const auto excludes = [this](const ServiceId& id) { return exclusive_.contains(id); };
    return std::ranges::count_if(services, excludes) <= 1;
  };
  request.renews = renews_;
  request.ended = ended_;
  request.lacks = [this](const AttributeId& id) { return lacks_.contains(id); };
  return request;
}

std::vector<std::string> Drawing::Steps() {
  std::vector<std::string> lines;
  for (const ChainStep& step : Solve().steps) {
    std::string line = step.service.text() + " " + ShortDate(step.start) + ".." +
                       (step.finish ? ShortDate(*step.finish) : "?");
    for (const ServiceId& before : step.after) line += " after " + before.text();
    for (const AttributeId& document : step.bring) line += " bring " + document.text().substr(4);
    if (step.visits > 0) line += " visits " + std::to_string(step.visits);
    if (step.undetermined) line += " maybe";
    if (step.scenario.scenario != nullptr) {
      line += " " + std::string(NameOf(step.scenario.scenario->kind));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace kstati::graph
