// SPDX-License-Identifier: Apache-2.0
#include "recommender/suggest.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>
#include <variant>

#include "recommender/internal/digest.h"
#include "recommender/turned_down.h"

namespace kstati::recommender {
namespace {

using eligibility::Decision;
using eligibility::Verdict;
using profile::FactView;
using View = std::shared_ptr<const FactView>;

View FindPerson(const SuggestRequest& request, CitizenId citizen) {
  if (View member = request.household->Find(citizen)) return member;
  return request.find_person ? request.find_person(citizen) : nullptr;
}

// Builds the candidates of one citizen.
class Enumeration {
 public:
  Enumeration(const SuggestRequest& request, const graph::Catalogue& catalogue)
      : request_(request), catalogue_(catalogue), region_(RegionOf(*request.household->person)) {
    for (const OpenSituation& open : request.situations) {
      if (open.IsOpenOn(request.on)) open_.push_back(&open);
    }
    // The latest event first: of two situations that name a service it is what the person lives
    // through.
    std::stable_sort(open_.begin(), open_.end(), [](const auto* a, const auto* b) {
      return std::tie(b->occurred_on, a->situation) < std::tie(a->occurred_on, b->situation);
    });
  }

  std::vector<Candidate> All() {
    for (const graph::Service& service : catalogue_.services()) {
      if (!MayServeHere(service) || service.RegulationOn(request_.on) == nullptr) continue;
      switch (service.about) {
        case graph::About::kPerson: Add(service, person()); break;
        case graph::About::kChild: AddChildren(service); break;
        case graph::About::kDeceased: AddDeceased(service); break;
      }
    }
    return std::move(candidates_);
  }

 private:
  static const std::string* RegionOf(const FactView& person) {
    static const AttributeId kRegion("person.region_code");
    const profile::Fact* fact = person.Find(kRegion);
    return fact == nullptr ? nullptr : std::get_if<std::string>(&fact->value);
  }

  // A region that is not known is no other one.
  bool MayServeHere(const graph::Service& service) const {
    return region_ == nullptr || service.ServesRegion(*region_);
  }

  CitizenId person() const { return request_.household->person->citizen(); }

  bool Names(const OpenSituation& open, const ServiceId& service) const {
    const graph::Situation* situation = catalogue_.FindSituation(open.situation);
    if (situation == nullptr) return false;
    const auto& services = situation->services;
    return std::find(services.begin(), services.end(), service) != services.end();
  }

  // A situation names a service about somebody when it is about the same one, or about the person
  // alone.
  const OpenSituation* SituationOf(const graph::Service& service, CitizenId about) const {
    for (const OpenSituation* open : open_) {
      const bool fits = about == person() || open->about == about || open->about == person();
      if (fits && Names(*open, service.id)) return open;
    }
    return nullptr;
  }

  void Add(const graph::Service& service, CitizenId about) {
    if (request_.excluded.contains({service.id, about})) return;
    Candidate candidate;
    candidate.service = &service;
    candidate.about = about;
    if (const OpenSituation* open = SituationOf(service, about)) {
      candidate.situation = open->situation;
      candidate.situation_since = open->occurred_on;
    }
    if (IsTurnedDown(request_.turned_down, service.id, about, candidate.situation_since,
                     request_.on)) {
      return;
    }
    candidates_.push_back(std::move(candidate));
  }

  void AddChildren(const graph::Service& service) {
    for (const auto* children : {&request_.household->children, &request_.household->wards}) {
      for (const View& child : *children) {
        if (!IsKnownDead(*child)) Add(service, child->citizen());
      }
    }
  }

  void AddDeceased(const graph::Service& service) {
    std::set<CitizenId> seen;
    for (const OpenSituation* open : open_) {
      const graph::Situation* situation = catalogue_.FindSituation(open->situation);
      if (situation == nullptr || situation->about != "deceased") continue;
      if (seen.insert(open->about).second) Add(service, open->about);
    }
  }

  const SuggestRequest& request_;
  const graph::Catalogue& catalogue_;
  const std::string* region_;  // where the person lives; null: not known
  std::vector<const OpenSituation*> open_;
  std::vector<Candidate> candidates_;
};

bool IsYes(const profile::FactValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  if (const Decimal* amount = std::get_if<Decimal>(&value)) return !amount->IsZero();
  return !std::holds_alternative<profile::NotApplicable>(value);
}

// Whether the person has what the service gives. A fact in the person's own profile may come from
// an earlier child or an earlier death, so it counts only from the situation (or the child's birth)
// on.
bool HasOutput(const AttributeId& output, const Candidate& candidate, const FactView& person,
               const FactView* about, const profile::Dictionary& dictionary) {
  static const AttributeId kBirthDate("person.birth_date");
  const profile::Attribute* attribute = dictionary.Find(output);
  const bool held_by_other =
      about != nullptr && attribute != nullptr && attribute->holder() != "person";
  const profile::Fact* fact = (held_by_other ? *about : person).Find(output);
  if (fact == nullptr || !IsYes(fact->value)) return false;
  if (held_by_other || about == nullptr) return true;
  std::optional<Date> since = candidate.situation_since;
  if (const profile::Fact* birth = about->Find(kBirthDate); !since && birth != nullptr) {
    if (const Date* born = std::get_if<Date>(&birth->value)) since = *born;
  }
  return !since || fact->valid.from >= *since;
}

bool HasAllOutputs(const Candidate& candidate, const FactView& person, const FactView* about,
                   Date on, const profile::Dictionary& dictionary) {
  const graph::Regulation* regulation = candidate.service->RegulationOn(on);
  if (regulation == nullptr || regulation->outputs.empty()) return false;
  return std::all_of(regulation->outputs.begin(), regulation->outputs.end(),
                     [&](const AttributeId& output) {
                       return HasOutput(output, candidate, person, about, dictionary);
                     });
}

// The view of whom the candidate is about; null for the person, nullopt when nobody can be found.
std::optional<View> AboutOf(const Candidate& candidate, const SuggestRequest& request) {
  if (candidate.about == request.household->person->citizen()) return View();
  if (View about = FindPerson(request, candidate.about)) return about;
  return std::nullopt;
}

// Decisions on candidates. Those about the same person after the same event share what they
// compute.
class Deciding {
 public:
  Deciding(const SuggestRequest& request, const eligibility::Program& program)
      : request_(request), program_(program) {}

  eligibility::Inquiry& About(const Candidate& candidate, View about) {
    const auto key = std::pair(candidate.about, candidate.situation_since);
    std::unique_ptr<eligibility::Inquiry>& inquiry = inquiries_[key];
    if (!inquiry) {
      inquiry = std::make_unique<eligibility::Inquiry>(
          program_,
          eligibility::Subject{request_.household, std::move(about), candidate.situation_since});
    }
    return *inquiry;
  }

 private:
  const SuggestRequest& request_;
  const eligibility::Program& program_;
  std::map<std::pair<CitizenId, std::optional<Date>>, std::unique_ptr<eligibility::Inquiry>>
      inquiries_;
};

// Best first. Everything that could tie is settled, so that the order never depends on chance.
std::vector<size_t> InOrder(const std::vector<Candidate>& candidates,
                            const std::vector<double>& by_model, Date on) {
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto key = [&](size_t i) {
    const Candidate& candidate = candidates[i];
    return std::make_tuple(!IsFresh(candidate.situation_since, on), -by_model[i],
                           candidate.situation.empty(), -candidate.service->priority,
                           std::cref(candidate.service->id.text()), candidate.about);
  };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  return order;
}

// Who stands where, and why.
struct Places {
  std::vector<size_t> order;  // candidates: those shown, then the rest, best first
  size_t shown = 0;
  std::vector<double> propensities;  // of those shown
  size_t explored_from = 0;          // places from here on were drawn
};

Places Explore(std::vector<size_t> order, const SuggestRequest& request) {
  Places places{std::move(order), 0, {}, 0};
  places.shown = std::min(places.order.size(), request.limit);
  places.propensities.assign(places.shown, 1.0);
  places.explored_from = places.shown;
  if (places.order.size() == places.shown || places.shown < 2) return places;
  const size_t explored = std::min(request.exploration_places, places.shown - 1);
  places.explored_from = places.shown - explored;
  uint64_t state = internal::Spread(internal::Spread(request.chance) ^
                                    request.household->person->citizen().number());
  for (size_t place = places.explored_from; place < places.shown; ++place) {
    const size_t left = places.order.size() - place;
    const size_t drawn = place + internal::Spread(state++) % left;
    places.propensities[place] = 1.0 / static_cast<double>(left);
    // What was not drawn keeps its order.
    const auto begin = places.order.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(place),
                begin + static_cast<std::ptrdiff_t>(drawn),
                begin + static_cast<std::ptrdiff_t>(drawn) + 1);
  }
  return places;
}

Exposure ExposureOf(const SuggestRequest& request, const std::vector<Candidate>& candidates,
                    const Ratings& ratings, const Places& places) {
  Exposure exposure;
  exposure.citizen = request.household->person->citizen();
  exposure.on = request.on;
  exposure.shown = places.shown;
  for (size_t place = 0; place < places.order.size(); ++place) {
    const size_t i = places.order[place];
    const Candidate& candidate = candidates[i];
    Exposure::Offer offer{candidate.service->id, candidate.about,           candidate.verdict,
                          candidate.situation,   candidate.situation_since, ratings.needed[i]};
    offer.order = ratings.order[i];
    if (place < places.shown) offer.propensity = places.propensities[place];
    offer.explored = place >= places.explored_from && place < places.shown;
    exposure.offers.push_back(std::move(offer));
  }
  return exposure;
}

// Takes out what yields to other candidates.
std::vector<Yielding> LetYield(const SuggestRequest& request, const graph::Catalogue& catalogue,
                               Deciding& deciding, std::vector<Candidate>& candidates,
                               std::vector<Decision>& yielded) {
  if (request.exclusions == nullptr) return {};
  std::vector<Decision> decisions;
  for (const Candidate& candidate : candidates) {
    if (!IsExclusive(candidate.service->id, *request.exclusions)) continue;
    View about = AboutOf(candidate, request).value_or(nullptr);
    decisions.push_back(
        deciding.About(candidate, std::move(about)).Decide(*candidate.service, true));
  }
  std::vector<const Decision*> all;
  for (const Decision& decision : decisions) all.push_back(&decision);
  std::vector<Yielding> yielding = YieldingOf(all, catalogue, *request.exclusions);
  const auto yields = [&yielding](const ServiceId& service, CitizenId about) {
    return std::ranges::any_of(yielding, [&](const Yielding& one) {
      return one.service == service && one.about == about;
    });
  };
  for (Decision& decision : decisions) {
    if (yields(decision.service, decision.about)) yielded.push_back(std::move(decision));
  }
  std::erase_if(candidates, [&yields](const Candidate& candidate) {
    return yields(candidate.service->id, candidate.about);
  });
  return yielding;
}

// Those that yield to the service.
std::vector<Yielding> InsteadOf(const std::vector<Yielding>& yielding, const Decision& decision) {
  std::vector<Yielding> found;
  std::ranges::copy_if(yielding, std::back_inserter(found), [&](const Yielding& one) {
    const bool about = one.exclusion->scope == graph::ExclusionScope::kAbout;
    return std::ranges::find(one.instead, decision.service) != one.instead.end() &&
           (!about || one.about == decision.about);
  });
  return found;
}

// Why it stands where it does. What it follows from is told by name or not at all.
void SayWhy(const SuggestRequest& request, const Candidate& candidate, const Ranker& ranker,
            const graph::Catalogue& catalogue, Suggested& suggested) {
  constexpr size_t kUsesNamed = 2;
  suggested.because =
      ranker.Because(*request.household, candidate, request.on, catalogue, request.background);
  if (std::ranges::find(suggested.because, Topic::kUses) != suggested.because.end()) {
    suggested.after =
        ranker.UsesBehind(request.household->person->citizen(), candidate, request.background);
    std::erase_if(suggested.after, [&](const ServiceId& service) {
      return catalogue.FindService(service) == nullptr;
    });
    if (suggested.after.size() > kUsesNamed) suggested.after.resize(kUsesNamed);
    if (suggested.after.empty()) std::erase(suggested.because, Topic::kUses);
  }
  if (IsFresh(candidate.situation_since, request.on)) {
    std::erase(suggested.because, Topic::kSituation);
    suggested.because.insert(suggested.because.begin(), Topic::kFresh);
  }
}

void LetShadowLook(const SuggestRequest& request, const std::vector<Candidate>& candidates,
                   const Places& places, const graph::Catalogue& catalogue, Exposure& exposure) {
  if (request.shadow == nullptr) return;
  exposure.shadow_version = request.shadow->ranked_by().model_version;
  const Ratings ratings = request.shadow->Rate(*request.household, candidates, request.on,
                                               catalogue, request.background);
  for (size_t place = 0; place < places.order.size(); ++place) {
    exposure.offers[place].shadow_score = ratings.needed[places.order[place]];
    exposure.offers[place].shadow_order = ratings.order[places.order[place]];
  }
}

}  // namespace

std::vector<Candidate> EnumerateCandidates(const SuggestRequest& request,
                                           const eligibility::Program& program) {
  return Enumeration(request, program.catalogue()).All();
}

std::vector<Candidate> AllowedCandidates(const SuggestRequest& request,
                                         const eligibility::Program& program) {
  std::vector<Candidate> allowed;
  const FactView& person = *request.household->person;
  Deciding deciding(request, program);
  for (Candidate& candidate : EnumerateCandidates(request, program)) {
    std::optional<View> about = AboutOf(candidate, request);
    if (!about) continue;
    if (HasAllOutputs(candidate, person, about->get(), request.on, program.dictionary())) continue;
    candidate.verdict = deciding.About(candidate, *std::move(about)).VerdictOn(*candidate.service);
    const bool may_be_shown =
        candidate.verdict == Verdict::kEligible || candidate.verdict == Verdict::kLikely ||
        (candidate.verdict == Verdict::kUndetermined && !candidate.situation.empty());
    if (may_be_shown) allowed.push_back(std::move(candidate));
  }
  return allowed;
}

Suggestions Suggest(const SuggestRequest& request, const eligibility::Program& program,
                    const Ranker& ranker) {
  Suggestions suggestions;
  suggestions.ranked_by = ranker.ranked_by();
  std::vector<Candidate> candidates = AllowedCandidates(request, program);
  Deciding deciding(request, program);
  const std::vector<Yielding> yielding =
      LetYield(request, program.catalogue(), deciding, candidates, suggestions.yielded);
  const Ratings ratings = ranker.Rate(*request.household, candidates, request.on,
                                      program.catalogue(), request.background);
  const Places places = Explore(InOrder(candidates, ratings.order, request.on), request);
  suggestions.exposure = ExposureOf(request, candidates, ratings, places);
  suggestions.exposure.ranked_by = suggestions.ranked_by;
  LetShadowLook(request, candidates, places, program.catalogue(), suggestions.exposure);
  for (size_t place = 0; place < places.shown; ++place) {
    const size_t i = places.order[place];
    const Candidate& candidate = candidates[i];
    View about = AboutOf(candidate, request).value_or(nullptr);
    Suggested suggested;
    suggested.decision =
        deciding.About(candidate, std::move(about)).Decide(*candidate.service, true);
    suggested.instead_of = InsteadOf(yielding, suggested.decision);
    suggested.situation = candidate.situation;
    suggested.score = ratings.needed[i];
    suggested.stage =
        place < places.explored_from ? suggestions.ranked_by.stage : std::string(kExplorationStage);
    if (place < places.explored_from) {
      SayWhy(request, candidate, ranker, program.catalogue(), suggested);
    }
    suggestions.items.push_back(std::move(suggested));
  }
  return suggestions;
}

}  // namespace kstati::recommender
