// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "../unit/eligibility/small_world.h"

namespace kstati::eligibility {

// A catalogue whose services decide by tables of a decision model with any hit policy, by
// categories and regions, and by what is decided of each other.
class RandomCatalogue {
 public:
  static constexpr int kTables = 4;
  static constexpr int kServices = 6;

  explicit RandomCatalogue(unsigned seed) : random_(seed) {
    WithPeople(catalogue_);
    catalogue_.Attribute(
        "id: person.points, type: number, unit: points, name: {ru: Баллы, en: Points}, registry: "
        "tax, category: identity, completeness: open");
    catalogue_.Model("tables.dmn", Model());
    for (int i = 0; i < kTables; ++i) {
      const std::string number = std::to_string(i);
      catalogue_.Attribute("id: derived.t" + number +
                           ", type: number, unit: points, name: {ru: Т, en: T}, decide: {model: "
                           "tables.dmn, decision: Value " +
                           number + "}");
    }
    for (int i = 0; i < kServices; ++i) AddService(i);
  }

  SmallCatalogue& catalogue() { return catalogue_; }
  static std::string ServiceId(int i) { return "s" + std::to_string(i); }

 private:
  int Any(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
  template <size_t n>
  const char* OneOf(const std::array<const char*, n>& words) {
    return words[static_cast<size_t>(Any(0, n - 1))];
  }
  std::string Points() { return std::to_string(Any(0, 70)); }

  // --- The decision model ---

  std::string PointsTest() {
    const int low = Any(0, 60);
    const std::string from = std::to_string(low);
    const std::string to = std::to_string(low + Any(0, 30));
    switch (Any(0, 7)) {
      case 0: return "-";
      case 1: return "&lt; " + from;
      case 2: return "&gt;= " + from;
      case 3: return "[" + from + ".." + to + "]";
      case 4: return "(" + from + ".." + to + "), " + Points();
      case 5: return "not(&lt;= " + from + ")";
      case 6: return "? &gt; " + from + " and ? &lt;= " + to;
      default: return "[" + from + "..doubled(" + to + "))";
    }
  }
  std::string SexTest() {
    return OneOf(std::array{"-", "-", "\"male\"", "\"female\"", "not(\"male\")",
                            "\"male\", \"female\"", "null"});
  }
  std::string StudentTest() { return OneOf(std::array{"-", "-", "true", "false"}); }
  std::string Output() {
    switch (Any(0, 8)) {
      case 0: return "person.points";
      case 1: return "doubled(" + std::to_string(Any(0, 9)) + ")";
      case 2: return "product to(" + std::to_string(Any(0, 5)) + ")";
      case 3: return "Halved(person.points)";
      case 4: return "Halved(person.points: " + Points() + ")";
      default: return std::to_string(Any(0, 3) * 10);
    }
  }

  std::string Rules(bool two_outputs) {
    std::string rules;
    for (int i = Any(1, 5); i > 0; --i) {
      rules += "<rule>";
      for (const std::string& test : {PointsTest(), SexTest(), StudentTest()}) {
        rules += "<inputEntry><text>" + test + "</text></inputEntry>";
      }
      rules += "<outputEntry><text>" + Output() + "</text></outputEntry>";
      if (two_outputs) rules += "<outputEntry><text>" + Points() + "</text></outputEntry>";
      rules += "</rule>";
    }
    return rules;
  }

  static std::string InputOf(const std::string& expression, const std::string& type,
                             const std::string& values) {
    return "<input><inputExpression typeRef=\"" + type + "\"><text>" + expression +
           "</text></inputExpression>" +
           (values.empty() ? "" : "<inputValues><text>" + values + "</text></inputValues>") +
           "</input>";
  }

  // A table, and the number that is made of what it gives.
  std::string Table(int number) {
    const std::string policy = OneOf(std::array{"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT",
                                                "COLLECT SUM", "COLLECT MIN", "COLLECT MAX",
                                                "COLLECT COUNT", "RULE ORDER", "OUTPUT ORDER"});
    const bool collects = policy.starts_with("COLLECT ");
    const bool two = !collects && Any(0, 3) == 0;
    const std::string name = "Table " + std::to_string(number);
    std::string hit = "hitPolicy=\"" + policy + "\"";
    if (collects) hit = "hitPolicy=\"COLLECT\" aggregation=\"" + policy.substr(8) + "\"";
    const std::string priorities = "<outputValues><text>30, 10, 0, 20</text></outputValues>";
    const std::string fallback =
        Any(0, 1) == 0 ? "" : "<defaultOutputEntry><text>7</text></defaultOutputEntry>";
    std::string text = Decision(
        "t" + number_of(number), name, "", Requirements({"points", "sex", "student"}, {}, true),
        "<decisionTable " + hit + ">" +
            InputOf("person.points", "number", Any(0, 2) == 0 ? "[0..65]" : "") +
            InputOf("person.sex", "string", "") + InputOf("person.student", "boolean", "") +
            "<output" + std::string(two ? " name=\"first\"" : "") + ">" + priorities + fallback +
            "</output>" + (two ? "<output name=\"second\"/>" : "") + Rules(two) +
            "</decisionTable>");
    const std::string one = two ? name + ".first" : name;
    const std::string list = "if count(" + one + ") &gt; 0 then sum(" + one + ") else 0";
    const bool is_list = policy == "COLLECT" || policy == "RULE ORDER" || policy == "OUTPUT ORDER";
    const std::string pair = Any(0, 2) == 0 ? " + (if Pair = null then 1 else Pair.high)" : "";
    text += Decision("v" + number_of(number), "Value " + std::to_string(number), "tSmall",
                     Requirements({}, {"t" + number_of(number), "pair"}, false),
                     "<literalExpression><text>(" + (is_list ? list : one) + ")" + pair +
                         "</text></literalExpression>");
    return text;
  }

  static std::string number_of(int number) { return std::to_string(number); }

  static std::string Requirements(const std::vector<std::string>& inputs,
                                  const std::vector<std::string>& decisions, bool knowledge) {
    std::string text;
    for (const std::string& input : inputs) {
      text += "<informationRequirement><requiredInput href=\"#" + input +
              "\"/></informationRequirement>";
    }
    for (const std::string& decision : decisions) {
      text += "<informationRequirement><requiredDecision href=\"#" + decision +
              "\"/></informationRequirement>";
    }
    for (const char* id : {"doubled", "product", "halved"}) {
      if (!knowledge) break;
      text += "<knowledgeRequirement><requiredKnowledge href=\"#" + std::string(id) +
              "\"/></knowledgeRequirement>";
    }
    return text;
  }

  static std::string Decision(const std::string& id, const std::string& name,
                              const std::string& type, const std::string& requirements,
                              const std::string& logic) {
    return "<decision id=\"" + id + "\" name=\"" + name + "\"><variable name=\"" + name + "\"" +
           (type.empty() ? "" : " typeRef=\"" + type + "\"") + "/>" + requirements + logic +
           "</decision>";
  }

  static std::string Input(const std::string& id, const std::string& name,
                           const std::string& type) {
    return "<inputData id=\"" + id + "\" name=\"" + name + "\"><variable name=\"" + name +
           "\" typeRef=\"" + type + "\"/></inputData>";
  }

  std::string Model() {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><definitions "
        "xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"urn:tables\" "
        "name=\"Tables\" id=\"_model\"><itemDefinition name=\"tSmall\"><typeRef>number</typeRef>"
        "<allowedValues><text>[0..120]</text></allowedValues></itemDefinition>"
        "<itemDefinition name=\"tPair\"><itemComponent name=\"low\"><typeRef>number</typeRef>"
        "<allowedValues><text>[10..60]</text></allowedValues></itemComponent><itemComponent "
        "name=\"high\"><typeRef>number</typeRef></itemComponent></itemDefinition>" +
        Input("points", "person.points", "number") + Input("sex", "person.sex", "string") +
        Input("student", "person.student", "boolean");
    text +=
        "<businessKnowledgeModel id=\"doubled\" name=\"doubled\"><variable name=\"doubled\"/>"
        "<encapsulatedLogic><formalParameter name=\"x\" typeRef=\"number\"/><literalExpression>"
        "<text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
        "<businessKnowledgeModel id=\"product\" name=\"product to\"><variable name=\"product to\"/>"
        "<encapsulatedLogic><formalParameter name=\"n\" typeRef=\"number\"/><literalExpression>"
        "<text>if n &lt; 2 then 1 else n * product to(n - 1)</text></literalExpression>"
        "</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href=\"#product\"/>"
        "</knowledgeRequirement></businessKnowledgeModel>"
        "<decisionService id=\"halved\" name=\"Halved\"><variable name=\"Halved\"/><outputDecision "
        "href=\"#half\"/><inputData href=\"#points\"/></decisionService>";
    text += Decision("half", "Half", "", Requirements({"points"}, {}, false),
                     "<literalExpression><text>person.points / 2</text></literalExpression>");
    text += Decision("pair", "Pair", "tPair", Requirements({"points"}, {}, false),
                     "<literalExpression><text>{low: person.points, high: low + 1}</text>"
                     "</literalExpression>");
    for (int i = 0; i < kTables; ++i) text += Table(i);
    return text + "</definitions>";
  }

  // --- The services ---

  // By functions of numbers and texts.
  std::string Calculated() {
    const std::string rounding =
        OneOf(std::array{"round up", "round down", "round half up", "round half down", "decimal"});
    switch (Any(0, 4)) {
      case 0: return rounding + "(person.points / 7, 1) * 10 >= " + Points();
      case 1: return "modulo(person.points, 7) < 4 and not(odd(person.points))";
      case 2: return "floor(person.points / 3) + ceiling(person.points / 3) > " + Points();
      case 3: return "abs(person.points - 35) <= 20 or even(person.points)";
      default:
        return OneOf(std::array{"contains(person.sex, \"male\")", "starts with(person.sex, \"f\")",
                                "ends with(person.sex, \"x\")", "string length(person.sex) > 4"});
    }
  }

  // By lists, functions, days and durations.
  std::string Composed() {
    const std::string more = " > " + Points();
    switch (Any(0, 20)) {
      case 0: return "sum(for i in 1..3 return i * person.points)" + more;
      case 1: return "[person.points, 10, 40][" + std::to_string(Any(-2, 4)) + "]" + more;
      case 2: return "count([1, 5, person.points][item > 4]) > 1";
      case 3: return "some a in 1..3, b in [person.points, 7] satisfies a * b" + more;
      case 4: return "every a in [1..3] satisfies a < person.points or person.student";
      case 5: return "median([person.points, 10, 30])" + more;
      case 6: return "list contains(append([10, 20], person.points), " + Points() + ")";
      case 7: return "substring(person.sex, " + std::to_string(Any(-5, 5)) + ", 2) = \"ma\"";
      case 8: return "string(person.points) = \"" + Points() + "\"";
      case 9: return "person.birth_date + duration(\"P1Y\") * " + Points() + " <= today()";
      case 10: return "today() - duration(\"P" + Points() + "D\") > person.birth_date";
      case 11: return "person.points ** 2 > 900 or person.points instance of string";
      case 12: return "sort([person.points, 20, 10], function(a, b) a < b)[1]" + more;
      case 13: return "day of week(person.birth_date) in (\"Sunday\", \"Monday\")";
      case 14: return "{a: person.points, f: function(x) x + a, b: f(3)}.b" + more;
      case 15: return "children[1].age_years >= " + std::to_string(Any(0, 20));
      case 16: return "max(for c in children return c.age_years)" + more;
      case 17: return "count(concatenate(children, children)) > " + std::to_string(Any(0, 4));
      case 18: return "list contains(children.sex, \"male\")";
      case 19: return "person.points in ([1..10], > 40, 20) or person.points in [[5..6], 30]";
      default: return "(today() - person.birth_date) / duration(\"P1D\") / 365" + more;
    }
  }

  // By regular expressions.
  std::string Matched() {
    const std::string text =
        OneOf(std::array{"person.sex", "string(person.points)", "string(person.birth_date)",
                         "string(person.points) + \"-\" + person.sex", "upper case(person.sex)"});
    const std::string pattern = OneOf(std::array{"^(fe)?male$",
                                                 "[a-z-[aeiou]]+",
                                                 "^[0-9]{1,2}$",
                                                 "\\\\d+",
                                                 "(.)\\\\1",
                                                 "m.*?e",
                                                 "\\\\p{Lu}",
                                                 "[^\\\\p{L}]",
                                                 "(a)|(e)|(0)",
                                                 "\\\\w[-x]",
                                                 "\\\\i\\\\c*",
                                                 "([a-z])([a-z])",
                                                 "\\\\p{IsBasicLatin}+",
                                                 "(?:ma|fe)+",
                                                 "\\\\s",
                                                 "[0-4-9]",
                                                 "male|",
                                                 "(",
                                                 "a{2,1}",
                                                 " m a "});
    const std::string flags = OneOf(std::array{"", "i", "x", "q", "s", "m", "ix", "z"});
    const std::string given = Any(0, 1) == 0 ? "" : ", \"" + flags + "\"";
    const std::string with = OneOf(std::array{"-", "$1", "<$0>", "$2$1", "\\\\$", "$12", "$"});
    switch (Any(0, 3)) {
      case 0:
        return "string length(replace(" + text + ", \"" + pattern + "\", \"" + with + "\"" + given +
               ")) > " + std::to_string(Any(0, 12));
      case 1:
        return "replace(" + text + ", \"" + pattern + "\", \"" + with + "\"" + given +
               ") != " + text;
      case 2:
        return "count(split(" + text + ", \"" + pattern + "\")) > " + std::to_string(Any(0, 4));
      default: return "matches(" + text + ", \"" + pattern + "\"" + given + ")";
    }
  }

  std::string Clock() {
    return OneOf(std::array{"time(person.points, 30, 0)", "time(\"12:00:00Z\")", "@\"23:59:59.5\"",
                            "time(12, 0, person.points, duration(\"PT3H\"))",
                            "time(person.birth_date)", "@\"08:15:00@Europe/Moscow\"",
                            "time(@\"2024-07-01T10:00:00@Europe/Paris\")",
                            "(time(1, 2, 3) + duration(\"PT1M\") * person.points)"});
  }

  std::string Moment() {
    return OneOf(
        std::array{"now()", "date and time(person.birth_date, time(person.points, 30, 0))",
                   "@\"2020-02-29T10:00:00\"", "@\"2020-03-29T02:30:00@Europe/Paris\"",
                   "(date and time(person.birth_date, @\"10:00:00+03:00\") + duration(\"P1M\") * "
                   "person.points)",
                   "(@\"2024-01-31T22:00:00@Europe/Moscow\" - duration(\"PT1H\") * person.points)",
                   "date and time(string(person.birth_date) + \"T01:02:03Z\")",
                   "date and time(now(), @\"10:00:00\")"});
  }
  std::string MomentOrDay() { return Any(0, 3) == 0 ? "person.birth_date" : Moment(); }

  // By times of day.
  std::string Timed() {
    const std::string sign = OneOf(std::array{" < ", " >= ", " = ", " != "});
    switch (Any(0, 9)) {
      case 0: return Clock() + sign + Clock();
      case 1: return Moment() + sign + Moment();
      case 2: return Clock() + " - " + Clock() + sign + "duration(\"PT" + Points() + "M\")";
      case 3: return MomentOrDay() + " - " + Moment() + sign + "duration(\"P" + Points() + "D\")";
      case 4: return Moment() + ".hour + " + Clock() + ".second" + sign + Points();
      case 5: return "string(" + Moment() + ") + string(" + Clock() + ".time offset) != \"\"";
      case 6:
        return "week of year(" + MomentOrDay() + ") + day of year(" + Moment() + ")" + sign +
               Points();
      case 7: return Clock() + " instance of time and " + Moment() + " instance of date and time";
      case 8:
        return "years and months duration(" + MomentOrDay() + ", now())" + sign + "duration(\"P" +
               Points() + "M\")";
      default:
        return Clock() + " in [@\"08:00:00\"..@\"13:00:00\"] or is(" + Clock() + ", " + Clock() +
               ")";
    }
  }

  std::string RandomRange() {
    const int low = Any(0, 60);
    const std::string ends = std::to_string(low) + ".." + std::to_string(low + Any(0, 20));
    if (Any(0, 3) == 0) return "[person.points..70]";
    return OneOf(std::array{"[", "("}) + ends + OneOf(std::array{"]", ")"});
  }

  // By ranges, and by functions that take their arguments by name.
  std::string Placed() {
    const std::string point = OneOf(std::array{"person.points", "30", "person.sex"});
    const std::string of_ranges = OneOf(std::array{
        "meets", "met by", "overlaps", "overlaps before", "overlaps after", "before", "after",
        "finishes", "finished by", "includes", "during", "starts", "started by", "coincides"});
    switch (Any(0, 8)) {
      case 0:
      case 7:
      case 8: return of_ranges + "(" + RandomRange() + ", " + RandomRange() + ")";
      case 1:
        return "before(" + point + ", " + RandomRange() + ") or finishes(person.points, " +
               RandomRange() + ")";
      case 2: return "includes(range: " + RandomRange() + ", point: " + point + ")";
      case 3: return "after(point1: person.points, point2: " + Points() + ")";
      case 4: return "(function(a, b) a - b)(b: person.points, a: 40) > " + Points();
      case 5: return "date(day: 1, month: 2, year: 1980 + person.points) < person.birth_date";
      default: return RandomRange() + " instance of range<number>";
    }
  }

  // By contexts, and by functions of numbers that have no exact value.
  std::string Built() {
    const std::string more = " > " + Points();
    const std::string context = "{a: person.points, b: {c: 5, d: person.student}}";
    switch (Any(0, 9)) {
      case 0: return "log(person.points + " + Points() + ")" + " * 10" + more;
      case 1: return "exp(person.points / 10)" + more;
      case 2: return "number(\"1 0\" + string(person.points) + \",5\", \" \", \",\") / 100" + more;
      case 3: return "context put(" + context + ", [\"b\", \"c\"], person.points).b.c" + more;
      case 4:
        return "context merge([" + context + ", {a: 7}]).a" + more + " or context put(" + context +
               ", \"a\", 9).b.d";
      case 5:
        return "context([{key: \"x\", value: person.points}, {key: person.sex, value: 1}]).x" +
               more;
      case 6: return "count(get entries(" + context + ")[value > 20]) = 1";
      case 7:
        return "get value(" + context + ", [\"b\", \"c\"]) + get value(m: " + context +
               ", key: \"a\")" + more;
      case 8: return "abs(person.birth_date - today()) > duration(\"P" + Points() + "D\")";
      default: return "get value(m: " + context + ", keys: [\"b\", \"d\"])";
    }
  }

  // Anything that can be asked before service `number`.
  std::string Rule(int number) {
    if (Any(0, 3) == 0) {
      switch (Any(0, 3)) {
        case 0: return Matched();
        case 1: return Timed();
        case 2: return Placed();
        default: return Built();
      }
    }
    switch (Any(0, number == 0 ? 7 : 10)) {
      case 5: return Calculated();
      case 6:
      case 7: return Composed();
      case 0:
      case 1: return "derived.t" + std::to_string(Any(0, kTables - 1)) + " >= " + Points();
      case 2: return "person.sex in [\"male\", \"female\"] or person.points in [10..40]";
      case 3: return "person.points >= " + Points();
      case 4: return "person.age_years >= 18 and person.student";
      default:
        return "decision." + ServiceId(Any(0, number - 1)) + " = \"" +
               OneOf(std::array{"eligible", "not eligible", "likely"}) + "\"";
    }
  }

  std::string Sourced(const std::string& article) {
    const bool confirmed = Any(0, 1) == 0;
    return "act: law, article: ст. " + article +
           ", verification: " + (confirmed ? "confirmed, sources: [page]" : "from_knowledge");
  }

  std::string Criterion(int number, const std::string& id, const std::string& ground) {
    return "{id: " + id + ", rule: '" + Rule(number) +
           "', text: {ru: П, en: R}, ground: " + ground + ", " + Sourced("4") + "}";
  }

  std::string Variants(int number) {
    const bool covers = Any(0, 1) == 0;
    std::string text = "    variants:\n";
    const std::array<std::string, 2> rules{"person.sex = \"female\"",
                                           covers ? "person.sex = \"male\"" : "person.points > 20"};
    for (size_t i = 0; i < rules.size(); ++i) {
      text += "      - {id: v" + std::to_string(i) + ", name: {ru: К, en: C}, applies: '" +
              rules[i] + "', " + Sourced("3") + ", criteria: [" +
              Criterion(number, "own", OneOf(std::array{"rg_age", "rg_income", "rg_criteria"})) +
              "]}\n";
    }
    if (Any(0, 1) == 0) text += "    otherwise: {ground: rg_medical, " + Sourced("5") + "}\n";
    return text;
  }

  void AddService(int number) {
    std::vector<Requirement> criteria;
    for (int i = Any(1, 2); i > 0; --i) {
      criteria.push_back({"c" + std::to_string(i), Rule(number), "rg_criteria",
                          Any(0, 1) == 0 ? "confirmed" : "from_knowledge"});
    }
    const bool about_child = number == kServices - 1;  // nobody asks what is decided of it
    if (about_child)
      criteria.push_back({"young", "child.age_years < 18 and relation.parent_of_child"});
    const bool regional = Any(0, 2) == 0;
    std::string more;
    if (regional) more += "    open_to_regions: [criteria]\n";
    if (Any(0, 1) == 0) more += Variants(number);
    catalogue_.Service(ServiceId(number), about_child ? "child" : "person", criteria, more);
    if (!regional) return;
    catalogue_.Regional("77", ServiceId(number),
                        "criteria:\n  - " + Criterion(number, "local", "rg_criteria") + "\n");
  }

  std::mt19937 random_;
  SmallCatalogue catalogue_;
};

}  // namespace kstati::eligibility
