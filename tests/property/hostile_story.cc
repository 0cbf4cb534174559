// SPDX-License-Identifier: Apache-2.0
#include "tests/property/hostile_story.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "cases/relevance.h"

namespace kstati::property {
namespace {

using profile::Attribute;
using profile::FactValue;
using profile::ValueType;

struct Announced {
  const char* type;
  const char* registry;
  const char* role;
  const char* who;
  const char* brings;  // an attribute that holds with it; may be empty
};

constexpr Announced kAnnounced[] = {
    {"event.disability_established", "fri", "person", "mother", ""},
    {"event.disability_established", "fri", "person", "father", ""},
    {"event.residence_changed", "mvd_pass", "person", "mother", ""},
    {"event.residence_changed", "mvd_pass", "person", "father", ""},
    {"event.death_registered", "egr_zags", "deceased", "grandmother", "doc.death_record"},
    {"event.income_fell", "egisso", "person", "mother", ""},
    {"event.pension_assigned", "sfr_ils", "person", "grandmother", ""},
    {"event.property_right_registered", "egrn", "person", "father", ""},
    {"event.maternity_leave", "sfr_ils", "person", "mother", ""},
};

// What turns many decisions.
constexpr const char* kOften[] = {"person.citizenship_rf", "person.lives_in_rf",
                                  "person.employed",       "person.parental_rights_deprived",
                                  "status.unemployed",     "person.registered_at_residence",
                                  "person.birth_date"};

class Teller {
 public:
  Teller(std::mt19937& random, const cases::World& world, Date first_day)
      : random_(random), world_(world), first_day_(first_day) {
    std::set<AttributeId> matter;
    for (const graph::Situation& situation : world.catalogue().situations()) {
      matter.merge(cases::FactsThatMatter(world, situation, first_day));
    }
    std::set<AttributeId> given;  // by services: a registry reports it when one has given it
    for (const graph::Service& service : world.catalogue().services()) {
      const graph::Regulation* regulation = service.RegulationOn(first_day);
      if (regulation == nullptr) continue;
      given.insert(regulation->outputs.begin(), regulation->outputs.end());
    }
    for (const AttributeId& id : matter) {
      const Attribute* attribute = dictionary().Find(id);
      const bool reported = attribute != nullptr && attribute->is_reported();
      if (reported && !given.contains(id) && IsVaried(*attribute)) pool_.push_back(attribute);
    }
  }

  Story Tell(const Hostility& hostility) {
    TellOfBirth();
    const size_t count = 3 + Below(7);
    for (size_t i = 0; i < count; ++i) Below(4) == 0 ? Announce() : Report();
    TellAll();
    for (size_t i = Below(3); i > 0; --i) TellAnew();
    const size_t errors = hostility.errs ? 1 + Below(4) : 0;
    for (size_t i = 0; i < errors; ++i) Err();
    for (std::vector<size_t>& day : story_.told) std::ranges::shuffle(day, random_);
    // The civil register writes down a birth on the ward's document.
    const bool from_ward = story_.deeds.front().type == "event.child_born_medical";
    if (from_ward) story_.told.front().insert(story_.told.front().begin(), 0);
    return std::move(story_);
  }

 private:
  const profile::Dictionary& dictionary() const { return world_.program->dictionary(); }
  size_t Below(size_t limit) { return static_cast<size_t>(random_() % limit); }

  static bool IsVaried(const Attribute& attribute) {
    switch (attribute.type) {
      case ValueType::kBoolean:
      case ValueType::kDocument:
      case ValueType::kNumber:
      case ValueType::kMoney: return true;
      case ValueType::kCode: return !attribute.codes.empty();
      default: return false;
    }
  }

  FactValue ValueOf(const Attribute& attribute, Date from) {
    switch (attribute.type) {
      case ValueType::kNumber: return Decimal(static_cast<int64_t>(Below(40)));
      case ValueType::kMoney: return Decimal(static_cast<int64_t>(Below(8)) * 9'000);
      case ValueType::kDate: return first_day_.AddDays(-3 - static_cast<int64_t>(Below(20)));
      case ValueType::kCode: {
        const std::vector<std::string> codes = attribute.CodesOn(from);
        return codes[Below(codes.size())];
      }
      default: return Below(4) != 0;
    }
  }

  // Every one begins later than those before it.
  Deed NewDeed(const std::string& type, const std::string& registry, const std::string& who) {
    Deed deed;
    const size_t number = story_.deeds.size();
    deed.id = "deed-" + std::to_string(number);
    deed.day = Below(kDaysOfStory);
    deed.type = type;
    deed.registry = RegistryId(registry);
    deed.who = who;
    deed.from = first_day_.AddDays(-60 + 2 * static_cast<int64_t>(number));
    return deed;
  }

  void TellOfBirth() {
    if (Below(2) == 0) {
      Deed medical = NewDeed("event.child_born_medical", "egisz", "son");
      medical.day = 0;
      medical.roles = {{"child", "son"}, {"mother", "mother"}};
      story_.deeds.push_back(medical);
    }
    Deed birth = NewDeed("event.child_born", "egr_zags", "son");
    birth.day = Below(2);
    birth.roles = {{"child", "son"}, {"mother", "mother"}, {"father", "father"}};
    birth.attributes = {AttributeId("doc.birth_record")};
    birth.values = {true};
    story_.deeds.push_back(birth);
  }

  void Announce() {
    const Announced& what = kAnnounced[Below(std::size(kAnnounced))];
    Deed deed = NewDeed(what.type, what.registry, what.who);
    deed.roles = {{what.role, what.who}};
    if (*what.brings != 0) {
      deed.attributes = {AttributeId(what.brings)};
      deed.values = {true};
    }
    story_.deeds.push_back(deed);
  }

  void Report() {
    static constexpr const char* kWho[] = {"mother", "father", "son", "son", "grandmother"};
    const Attribute* attribute =
        Below(3) != 0 ? dictionary().Find(AttributeId(kOften[Below(std::size(kOften))]))
                      : pool_[Below(pool_.size())];
    std::string who = kWho[Below(std::size(kWho))];
    const bool born = attribute->type == ValueType::kDate;
    if (born) who = "son";
    Deed deed = NewDeed(std::string(profile::kFactsOnly), attribute->registry.text(), who);
    deed.attributes = {attribute->id};
    deed.values = {ValueOf(*attribute, deed.from)};
    story_.deeds.push_back(deed);
  }

  // Each on its day, and some again on a later one.
  void TellAll() {
    story_.told.resize(kDaysOfStory);
    for (size_t i = 0; i < story_.deeds.size(); ++i) {
      const size_t day = story_.deeds[i].day;
      story_.told[day].push_back(i);
      for (size_t again = Below(3); again > 0; --again) {
        story_.told[day + Below(kDaysOfStory - day)].push_back(i);
      }
    }
  }

  // What was told is told once more as another event: it is no news.
  void TellAnew() {
    const Deed& told = story_.deeds[Below(story_.deeds.size())];
    if (!told.right || told.type != profile::kFactsOnly) return;
    Deed anew = told;
    anew.id = "again-" + std::to_string(story_.deeds.size());
    anew.right = false;
    anew.anew_of = told.id;
    anew.supersedes.clear();
    anew.day = told.day + Below(kDaysOfStory - told.day);
    Add(std::move(anew));
  }

  // Something that is not so is told in place of a right deed, or beside it, and taken back.
  void Err() {
    const size_t about = Below(story_.deeds.size());
    const Deed right = story_.deeds[about];
    if (!right.right || !right.supersedes.empty() || right.roles.contains("child")) return;
    Deed wrong = right;
    wrong.id = "wrong-" + std::to_string(story_.deeds.size());
    wrong.right = false;
    for (size_t i = 0; i < wrong.attributes.size(); ++i) {
      wrong.values[i] = ValueOf(*dictionary().Find(wrong.attributes[i]), wrong.from);
    }
    if (Below(2) == 0) {
      Correct(about, std::move(wrong));
    } else {
      Annul(std::move(wrong));
    }
  }

  // The right deed corrects it.
  void Correct(size_t about, Deed wrong) {
    wrong.day = Below(story_.deeds[about].day + 1);
    if (Below(4) == 0) wrong.day = kDaysOfStory - 1;  // or comes after its correction
    story_.deeds[about].supersedes = wrong.id;
    Add(std::move(wrong));
  }

  // Nothing comes in its place.
  void Annul(Deed wrong) {
    wrong.from = wrong.from.AddDays(1);
    wrong.day = Below(kDaysOfStory);
    Deed annulment;
    annulment.id = wrong.id + "-back";
    annulment.day =
        Below(5) == 0 ? Below(kDaysOfStory) : wrong.day + Below(kDaysOfStory - wrong.day);
    annulment.type = std::string(profile::kFactsOnly);
    annulment.registry = wrong.registry;
    annulment.who = wrong.who;
    annulment.from = wrong.from;
    annulment.supersedes = wrong.id;
    annulment.right = false;
    Add(std::move(wrong));
    Add(std::move(annulment));
  }

  void Add(Deed deed) {
    story_.told[deed.day].push_back(story_.deeds.size());
    story_.deeds.push_back(std::move(deed));
  }

  std::mt19937& random_;
  const cases::World& world_;
  const Date first_day_;
  std::vector<const Attribute*> pool_;
  Story story_;
};

}  // namespace

Story Story::Without(size_t deed) const {
  std::set<size_t> gone{deed};
  for (size_t i = 0; i < deeds.size(); ++i) {
    const bool takes_back = deeds[i].supersedes == deeds[deed].id;
    if (takes_back && !deeds[i].right) gone.insert(i);
    const bool corrected = deeds[deed].supersedes == deeds[i].id;
    const bool anew = deeds[i].anew_of == deeds[deed].id;
    if (corrected || anew) gone.insert(i);
  }
  Story less;
  std::vector<size_t> place(deeds.size());
  for (size_t i = 0; i < deeds.size(); ++i) {
    if (gone.contains(i)) continue;
    place[i] = less.deeds.size();
    less.deeds.push_back(deeds[i]);
    if (deeds[i].supersedes == deeds[deed].id) less.deeds.back().supersedes.clear();
  }
  for (const std::vector<size_t>& day : told) {
    std::vector<size_t>& left = less.told.emplace_back();
    for (const size_t i : day) {
      if (!gone.contains(i)) left.push_back(place[i]);
    }
  }
  return less;
}

std::string Story::ToText() const {
  std::string text;
  for (const Deed& deed : deeds) {
    text += deed.id + (deed.right ? "" : " (not in the clean stream)") + " on day " +
            std::to_string(deed.day) + ": " + deed.type + " of " + deed.who;
    for (size_t i = 0; i < deed.attributes.size(); ++i) {
      text += ", " + deed.attributes[i].text() + " = " + profile::ToText(deed.values[i]);
    }
    text += " from " + deed.from.ToString();
    if (!deed.supersedes.empty()) text += ", supersedes " + deed.supersedes;
    text += "\n";
  }
  for (size_t day = 0; day < told.size(); ++day) {
    text += "day " + std::to_string(day) + ":";
    for (const size_t i : told[day]) text += " " + deeds[i].id;
    text += "\n";
  }
  return text;
}

Story MakeStory(std::mt19937& random, const cases::World& world, Date first_day,
                const Hostility& hostility) {
  return Teller(random, world, first_day).Tell(hostility);
}

}  // namespace kstati::property
