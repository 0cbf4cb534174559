// SPDX-License-Identifier: Apache-2.0
#include "population/interactions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "population/need_model.h"
#include "population/past_situations.h"
#include "population/random.h"
#include "recommender/suggest.h"

namespace kstati::population {
namespace {

using profile::Household;
using recommender::Candidate;
using recommender::Interaction;

constexpr int64_t kVisitorAgeMin = 14;  // an account of one's own

bool MayVisit(const Household& household, Date on) {
  static const AttributeId kAlive("person.alive");
  static const AttributeId kBirthDate("person.birth_date");
  const profile::Fact* alive = household.person->Find(kAlive);
  if (alive != nullptr && alive->value == profile::FactValue(false)) return false;
  const profile::Fact* birth = household.person->Find(kBirthDate);
  const Date* born = birth == nullptr ? nullptr : std::get_if<Date>(&birth->value);
  return born != nullptr && MonthsBetween(*born, on) >= 12 * kVisitorAgeMin;
}

// A random choice in random order.
void Choose(std::vector<Candidate>& candidates, size_t count, Random& random) {
  const size_t chosen = std::min(count, candidates.size());
  for (size_t i = 0; i < chosen; ++i) {
    const auto last = static_cast<int64_t>(candidates.size()) - 1;
    std::swap(candidates[i],
              candidates[static_cast<size_t>(random.Between(static_cast<int64_t>(i), last))]);
  }
  candidates.resize(chosen);
}

Result<std::optional<Interaction>> Visit(CitizenId citizen, Date on,
                                         const recommender::LoadHouseholdOn& load,
                                         const eligibility::Program& program, size_t shown_max,
                                         Random random) {
  const auto household = load(citizen, on, std::nullopt);
  if (!household) return Fail(household.error());
  if (!MayVisit(*household, on)) return std::optional<Interaction>();
  recommender::SuggestRequest request;
  request.household = &*household;
  request.on = on;
  KSTATI_TRY(request.situations, ReconstructSituations(*household, on, load, program));
  std::vector<Candidate> candidates = recommender::AllowedCandidates(request, program);
  Choose(candidates, shown_max, random);
  if (candidates.empty()) return std::optional<Interaction>();
  Random ends(Mix(Random(random).Next(), 1));  // leaves what is taken up as it is
  Interaction interaction;
  interaction.citizen = citizen;
  interaction.on = on;
  for (const Candidate& candidate : candidates) {
    const double need = TakeUpProbability(*household, candidate, on, program.catalogue());
    interaction.shown.push_back({candidate.service->id, candidate.about, candidate.verdict,
                                 candidate.situation, candidate.situation_since,
                                 random.Chance(need)});
    Interaction::Shown& shown = interaction.shown.back();
    const bool ends_well = ends.Chance(CompletionProbability(*household, candidate, on));
    if (shown.taken) shown.completed = ends_well;
  }
  return interaction;
}

}  // namespace

Result<std::vector<Interaction>> SimulateInteractions(const std::vector<CitizenId>& citizens,
                                                      const recommender::LoadHouseholdOn& load,
                                                      const eligibility::Program& program,
                                                      const InteractionOptions& options) {
  if (citizens.empty() || options.to < options.from) {
    return Fail(ErrorCode::kInvalidArgument, "there is nobody or no day to simulate",
                "interactions", "give citizens, and days from the earlier to the later");
  }
  std::vector<Interaction> interactions;
  for (size_t i = 0; i < options.count; ++i) {
    options.on_visit();
    Random random(Mix(options.seed, i));
    const auto last = static_cast<int64_t>(citizens.size()) - 1;
    const CitizenId citizen = citizens[static_cast<size_t>(random.Between(0, last))];
    const Date on{random.Between(options.from.days, options.to.days)};
    auto visit = Visit(citizen, on, load, program, options.shown_max, random);
    if (!visit && visit.error().code == ErrorCode::kNotFound) continue;  // erased meanwhile
    if (!visit) return Fail(std::move(visit).error());
    if (*visit) interactions.push_back(**std::move(visit));
  }
  return interactions;
}

}  // namespace kstati::population
