// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"

namespace kstati::cli {

using CommandList = std::vector<std::unique_ptr<Command>>;

// One function per file of this folder; each appends its commands.
void AddInit(CommandList& commands);
void AddServe(CommandList& commands);
void AddCheck(CommandList& commands);
void AddDoctor(CommandList& commands);
void AddEvent(CommandList& commands);
void AddSuggest(CommandList& commands);
void AddExplain(CommandList& commands);
void AddPassport(CommandList& commands);
void AddCertificate(CommandList& commands);
void AddAsk(CommandList& commands);
void AddChain(CommandList& commands);
void AddChainSearch(CommandList& commands);
void AddSituations(CommandList& commands);
void AddSource(CommandList& commands);
void AddConsent(CommandList& commands);
void AddConsentPapers(CommandList& commands);
void AddProxy(CommandList& commands);
void AddCase(CommandList& commands);
void AddApplication(CommandList& commands);
void AddCaseSeeing(CommandList& commands);
void AddCaseSteps(CommandList& commands);
void AddClock(CommandList& commands);
void AddMonitor(CommandList& commands);
void AddResult(CommandList& commands);
void AddNotifications(CommandList& commands);
void AddProfile(CommandList& commands);
void AddModel(CommandList& commands);
void AddModelEvaluate(CommandList& commands);
void AddModelInfer(CommandList& commands);
void AddModelLearnEvents(CommandList& commands);
void AddStoredModels(CommandList& commands);
void AddModelReach(CommandList& commands);
void AddModelGroups(CommandList& commands);
void AddModelDrift(CommandList& commands);
void AddModelTrial(CommandList& commands);
void AddLedger(CommandList& commands);
void AddLedgerOfStore(CommandList& commands);
void AddLedgerShow(CommandList& commands);
void AddStore(CommandList& commands);
void AddStoreCopy(CommandList& commands);
void AddStoreKeys(CommandList& commands);
void AddPopulation(CommandList& commands);
void AddVersion(CommandList& commands);
void AddCompletion(CommandList& commands);

// Every command, in the order of the help page. Whatever a command opened closes with the list.
inline CommandList MakeCommands() {
  CommandList commands;
  for (const auto add :
       {&AddInit,          &AddServe,         &AddCheck,         &AddDoctor,
        &AddSuggest,       &AddExplain,       &AddAsk,           &AddPassport,
        &AddCertificate,   &AddChain,         &AddChainSearch,   &AddSituations,
        &AddCase,          &AddCaseSeeing,    &AddCaseSteps,     &AddApplication,
        &AddClock,         &AddResult,        &AddMonitor,       &AddConsent,
        &AddConsentPapers, &AddProxy,         &AddNotifications, &AddProfile,
        &AddEvent,         &AddSource,        &AddLedger,        &AddLedgerShow,
        &AddLedgerOfStore, &AddStore,         &AddStoreCopy,     &AddStoreKeys,
        &AddModel,         &AddModelEvaluate, &AddModelInfer,    &AddModelLearnEvents,
        &AddStoredModels,  &AddModelReach,    &AddModelGroups,   &AddModelDrift,
        &AddModelTrial,    &AddPopulation,    &AddVersion,       &AddCompletion}) {
    add(commands);
  }
  return commands;
}

}  // namespace kstati::cli
