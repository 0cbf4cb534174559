// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/scope_options.h"

#include <utility>

namespace kstati::cli {

void ScopeOptions::Declare(Options& options) {
  options.Text("--service", "ID", service_, "only this service; without it every service",
               Names::kService);
  options.Text("--situation", "ID", situation_, "only this situation; without it every one",
               Names::kSituation);
  options.Texts("--category", "ID", categories_,
                "data of this category; without it whatever the services need");
  options.Texts("--recipient", "ID", recipients_,
                "this authority may get the data; without it every one");
  options.Choice("--mode", mode_, {"prepare", "act"},
                 "how far: only prepare applications, or act; without it act");
}

bool ScopeOptions::given() const {
  return !service_.empty() || !situation_.empty() || !categories_.empty() || !recipients_.empty() ||
         !mode_.empty();
}

rpc::ConsentScope ScopeOptions::Over(rpc::ConsentScope scope) const {
  if (!service_.empty()) scope.service_id = service_;
  if (!situation_.empty()) scope.situation = situation_;
  if (!categories_.empty()) scope.__set_categories(categories_);
  if (!recipients_.empty()) scope.__set_recipients(recipients_);
  if (mode_ == "prepare") scope.__set_mode(rpc::ConsentMode::PREPARE);
  if (mode_ == "act") scope.__set_mode(rpc::ConsentMode::ACT);
  return scope;
}

rpc::ConsentScope ScopeOptions::Alone() const {
  rpc::ConsentScope scope;
  scope.purpose = "proactive-start";
  return Over(std::move(scope));
}

}  // namespace kstati::cli
