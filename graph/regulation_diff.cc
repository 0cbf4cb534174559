// SPDX-License-Identifier: Apache-2.0
#include "graph/regulation_diff.h"

#include <algorithm>
#include <utility>

namespace kstati::graph {
namespace {

using Lines = std::vector<std::string>;

std::string Words(const Term& term) {
  return std::to_string(term.value) + " " + std::string(NameOf(term.unit));
}

std::string Words(const Fee& fee) {
  std::string words = "according to its text";
  if (fee.amount) words = fee.amount->ToString();
  if (!fee.parameter.empty()) words = fee.parameter.text();
  for (const Discount& discount : fee.discounts) {
    words += ", by " + discount.channel + " times " + discount.factor.text();
  }
  return words;
}

std::string Words(const Input& input) {
  std::string words;
  for (const AttributeId& id : input.any_of) words += (words.empty() ? "" : " or ") + id.text();
  return words;
}

std::string Words(const Scenario& scenario) {
  std::string words(NameOf(scenario.kind));
  words += ", visits " + std::to_string(scenario.visits);
  if (scenario.term) words += ", term " + Words(*scenario.term);
  if (scenario.fee) words += ", fee " + Words(*scenario.fee);
  for (const std::string& channel : scenario.channels) words += ", " + channel;
  return words;
}

template <class Id>
Lines TextsOf(const std::vector<Id>& ids) {
  Lines texts;
  for (const Id& id : ids) texts.push_back(id.text());
  return texts;
}

template <class Thing>
Lines EachOf(const std::vector<Thing>& things) {
  Lines words;
  for (const Thing& thing : things) words.push_back(Words(thing));
  return words;
}

class Differences {
 public:
  explicit Differences(std::string prefix) : prefix_(std::move(prefix)) {}

  Lines Take() { return std::move(lines_); }

  void Changed(const std::string& what, const std::string& before, const std::string& after) {
    if (before != after) lines_.push_back(prefix_ + what + " " + before + " becomes " + after);
  }

  void Of(const std::string& what, const Lines& before, const Lines& after) {
    for (const std::string& each : before) {
      if (std::ranges::find(after, each) == after.end()) Say(what, each, "is gone");
    }
    for (const std::string& each : after) {
      if (std::ranges::find(before, each) == before.end()) Say(what, each, "is new");
    }
  }

  void Say(const std::string& what, const std::string& which, const std::string& how) {
    lines_.push_back(prefix_ + what + " " + which + " " + how);
  }

  void Add(const Lines& lines) { lines_.insert(lines_.end(), lines.begin(), lines.end()); }

 private:
  std::string prefix_;
  Lines lines_;
};

template <class Thing>
const Thing* FindIn(const std::vector<Thing>& things, const std::string& id) {
  const auto found = std::ranges::find(things, id, &Thing::id);
  return found == things.end() ? nullptr : &*found;
}

template <class Thing>
Lines IdsOf(const std::vector<Thing>& things) {
  Lines ids;
  for (const Thing& thing : things) ids.push_back(thing.id);
  return ids;
}

void CompareCriteria(const Regulation& before, const Regulation& after, Differences& found) {
  found.Of("criterion", IdsOf(before.criteria), IdsOf(after.criteria));
  for (const Criterion& criterion : after.criteria) {
    const Criterion* earlier = FindIn(before.criteria, criterion.id);
    if (earlier == nullptr) continue;
    const std::string what = "criterion " + criterion.id + ":";
    found.Changed(what + " rule", "\"" + earlier->rule + "\"", "\"" + criterion.rule + "\"");
    found.Changed(what + " ground", earlier->ground.text(), criterion.ground.text());
  }
  found.Of("condition", IdsOf(before.conditions), IdsOf(after.conditions));
}

void CompareCourse(const Regulation& before, const Regulation& after, Differences& found) {
  found.Changed("mode", std::string(NameOf(before.mode)), std::string(NameOf(after.mode)));
  found.Of("trigger", TextsOf(before.triggers), TextsOf(after.triggers));
  found.Of("input", EachOf(before.inputs), EachOf(after.inputs));
  found.Of("output", TextsOf(before.outputs), TextsOf(after.outputs));
  found.Of("ground", TextsOf(before.grounds), TextsOf(after.grounds));
  found.Of("ground of the authority", TextsOf(before.authority_grounds),
           TextsOf(after.authority_grounds));
  found.Of("service before it", TextsOf(before.after), TextsOf(after.after));
}

void CompareBurden(const Regulation& before, const Regulation& after, Differences& found) {
  found.Changed("term", Words(before.term), Words(after.term));
  for (const Latency latency :
       {Latency::kAtHand, Latency::kDataMart, Latency::kInteragency, Latency::kOnSite}) {
    if (before.term_by_latency.empty() && after.term_by_latency.empty()) break;
    found.Changed("term " + std::string(NameOf(latency)), Words(before.TermFor(latency)),
                  Words(after.TermFor(latency)));
  }
  found.Changed("visits", std::to_string(before.visits), std::to_string(after.visits));
  found.Changed("fee", Words(before.fee), Words(after.fee));
  found.Of("channel", before.channels, after.channels);
  found.Of("scenario", EachOf(before.scenarios), EachOf(after.scenarios));
  const auto rule = [](const Regulation& regulation) {
    return "\"" + (regulation.benefit ? regulation.benefit->rule : std::string()) + "\"";
  };
  found.Changed("amount", rule(before), rule(after));
}

Lines Compare(const Regulation& before, const Regulation& after, const std::string& prefix) {
  Differences found(prefix);
  CompareCriteria(before, after, found);
  CompareCourse(before, after, found);
  CompareBurden(before, after, found);
  found.Of("variant", IdsOf(before.variants), IdsOf(after.variants));
  const Lines common = found.Take();
  found.Add(common);
  for (const Variant& variant : after.variants) {
    const Variant* earlier = FindIn(before.variants, variant.id);
    if (earlier == nullptr) continue;
    const std::string of_variant = "variant " + variant.id + ": ";
    Differences category(of_variant);
    category.Changed("category", "\"" + earlier->category.rule + "\"",
                     "\"" + variant.category.rule + "\"");
    found.Add(category.Take());
    // What is common to all stands above already.
    for (const std::string& line : Compare(*earlier->regulation, *variant.regulation, {})) {
      if (std::ranges::find(common, line) == common.end()) found.Add({of_variant + line});
    }
  }
  return found.Take();
}

}  // namespace

std::vector<std::string> DiffOf(const Regulation& before, const Regulation& after) {
  return Compare(before, after, {});
}

}  // namespace kstati::graph
