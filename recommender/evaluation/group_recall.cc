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
      ranker.Rate(household, list.candidates, interaction.on, catalogue, interaction.background)
          .order;
  person.recall += RecallOf(OrderOf(scores, list.fresh), list.taken);
  if (!person.groups.empty() && interaction.on < person.on) return;
  person.on = interaction.on;
  person.groups = GroupsOf(*household.person, interaction.on);
  person.groups["habit"] = HabitOf(interaction.background.past, interaction.on, catalogue);
}

using Members = std::vector<const Recall*>;

Recall SumOf(const Members& people, const BootstrapOptions& bootstrap) {
  Recall sum;
  for (const Recall* recall : people) sum += *recall;
  sum.people = people.size();
  if (people.empty()) return sum;
  sum.share = Bootstrap(
      people.size(),
      [&](const Multiplicity& times) {
        double taken = 0;
        double found = 0;
        for (size_t i = 0; i < people.size(); ++i) {
          taken += times[i] * static_cast<double>(people[i]->taken);
          found += times[i] * static_cast<double>(people[i]->found);
        }
        return found / taken;
      },
      bootstrap);
  return sum;
}

GroupRecall ByGroup(const std::map<CitizenId, PersonRecall>& people,
                    const BootstrapOptions& bootstrap) {
  Members all;
  std::map<std::string, std::map<std::string, Members>> groups;
  for (const auto& [citizen, person] : people) {
    all.push_back(&person.recall);
    for (const auto& [by, group] : person.groups) groups[by][group].push_back(&person.recall);
  }
  GroupRecall recall;
  recall.all = SumOf(all, bootstrap);
  for (const auto& [by, members_of] : groups) {
    for (const auto& [group, members] : members_of) {
      recall.groups[by][group] = SumOf(members, bootstrap);
    }
  }
  return recall;
}

}  // namespace

Recall& Recall::operator+=(const Recall& other) {
  people += other.people;
  taken += other.taken;
  found += other.found;
  return *this;
}

std::string HabitOf(const Past& past, Date on, const graph::Catalogue& catalogue) {
  size_t remote = 0;
  size_t known = 0;
  for (const Dealing& dealing : past.dealings()) {
    const graph::Service* service = catalogue.FindService(dealing.service);
    const graph::Regulation* regulation = service == nullptr ? nullptr : service->RegulationOn(on);
    if (regulation == nullptr) continue;
    known += dealing.taken.size();
    remote += regulation->visits == 0 ? dealing.taken.size() : 0;
  }
  if (known == 0) return kUnknownGroup;
  return 2 * remote > known ? "remote" : "visits";
}

Result<GroupRecall> RecallByGroup(const StoredModels& models, const std::string& version,
                                  const std::vector<Interaction>& interactions,
                                  const LoadHouseholdOn& load, const graph::Catalogue& catalogue,
                                  const BootstrapOptions& bootstrap) {
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
  return ByGroup(people, bootstrap);
}

}  // namespace kstati::recommender::evaluation
