// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/group_recall.h"

#include <algorithm>

#include "recommender/evaluation/order_record.h"
#include "recommender/evaluation/shown_list.h"
#include "recommender/groups.h"

namespace kstati::recommender::evaluation {
namespace {

struct PersonRecall {
  Recall recall;
  Date on;
  std::map<std::string, std::string> groups;
};

Recall RecallOf(const std::vector<size_t>& order, const std::vector<bool>& taken) {
  Recall recall;
  for (size_t place = 0; place < order.size(); ++place) {
    if (!taken[order[place]]) continue;
    ++recall.taken;
    recall.found += place < Recall::kDepth ? 1 : 0;
  }
  return recall;
}

void Add(const Interaction& interaction, const ShownList& list, const profile::Household& household,
         const Ranker& ranker, const graph::Catalogue& catalogue, PersonRecall& person) {
  const std::vector<double> scores =
      ranker.Score(household, list.candidates, interaction.on, catalogue, interaction.background);
  person.recall += RecallOf(OrderOf(scores, list.fresh), list.taken);
  if (!person.groups.empty() && interaction.on < person.on) return;
  person.on = interaction.on;
  person.groups = GroupsOf(*household.person, interaction.on);
}

GroupRecall SumOf(const std::map<CitizenId, PersonRecall>& people) {
  GroupRecall sum;
  for (const auto& [citizen, person] : people) {
    Recall recall = person.recall;
    recall.people = 1;
    sum.all += recall;
    for (const auto& [by, group] : person.groups) sum.groups[by][group] += recall;
  }
  return sum;
}

}  // namespace

Recall& Recall::operator+=(const Recall& other) {
  people += other.people;
  taken += other.taken;
  found += other.found;
  return *this;
}

Result<GroupRecall> RecallByGroup(const StoredModels& models, const std::string& version,
                                  const std::vector<Interaction>& interactions,
                                  const LoadHouseholdOn& load, const graph::Catalogue& catalogue) {
  KSTATI_TRY(const StoredModel model, models.Find(version));
  KSTATI_TRY(const Ranker ranker, Ranker::Load(models.FolderOf(version)));
  std::map<CitizenId, PersonRecall> people;
  for (const Interaction& interaction : interactions) {
    if (PartOf(interaction.citizen, model.seed, model.held_out_share) != Part::kJudged) continue;
    const ShownList list = ListOf(interaction, catalogue);
    const bool tells = list.candidates.size() > Recall::kDepth &&
                       std::ranges::find(list.taken, true) != list.taken.end();
    if (!tells) continue;
    const auto household = load(interaction.citizen, interaction.on, interaction.known_at);
    if (!household && household.error().code == ErrorCode::kNotFound) continue;
    if (!household) return Fail(household.error());
    Add(interaction, list, *household, ranker, catalogue, people[interaction.citizen]);
  }
  return SumOf(people);
}

}  // namespace kstati::recommender::evaluation
