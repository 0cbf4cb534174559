// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/citizen_command.h"

#include <pwd.h>
#include <unistd.h>

namespace kstati::cli {
namespace {

// Who sits at the keyboard, as the system knows them.
std::string UserOfThisProcess() {
  const passwd* entry = getpwuid(getuid());
  return entry == nullptr ? "uid " + std::to_string(getuid()) : entry->pw_name;
}

}  // namespace

void CitizenCommand::Declare(Options& options) {
  options.Argument("CITIZEN", citizen_, "number of the citizen");
  DeclareOwn(options);
  if (reads_.valid_at) {
    options.Text("--at", "DATE", valid_at_, "day on which it is true; without it today");
  }
  if (reads_.known_at) {
    options.Text("--as-of", "MOMENT", known_at_, "moment at which it was known; without it now");
  }
  if (reads_.values) {
    options.OptionalText("--reveal", "REASON", reason_,
                         "shows values of facts, and records who looked, when and why");
  }
  if (reads_.sources) {
    options.Number("--wait", "MS", wait_ms_, -1, 60'000,
                   "how long to wait for sources that are asked for missing facts; -1: as "
                   "configured");
  }
  options.Text("--purpose", "ID", purpose_,
               "for what the data are used, where the server asks: a legal basis or the purpose of "
               "a consent");
  connection_.Declare(options);
  output_.Declare(options);
}

rpc::CallContext CitizenCommand::Context() const {
  rpc::CallContext context = connection_.context();
  context.__set_actor(UserOfThisProcess());
  context.__set_values(rpc::Values::MASKED);
  rpc::AsOf as_of;
  if (!valid_at_.empty()) as_of.__set_valid_at(valid_at_);
  if (!known_at_.empty()) as_of.__set_known_at(known_at_);
  if (as_of.__isset.valid_at || as_of.__isset.known_at) context.__set_as_of(as_of);
  if (reason_) {
    context.__set_values(rpc::Values::SHOWN);
    context.__set_reason(*reason_);
  }
  if (!purpose_.empty()) context.__set_purpose(purpose_);
  if (wait_ms_ >= 0) context.__set_wait_for_sources_ms(static_cast<int32_t>(wait_ms_));
  return context;
}

Result<int> CitizenCommand::Run(const Terminal& terminal) {
  KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
  return Answer(*kstati, Context(), terminal);
}

void ServiceCommand::DeclareOwn(Options& options) {
  options.Argument("SERVICE", service_, "id of the service", Names::kService);
  options.Text("--about", "NUMBER", about_,
               "the child or the deceased; without it whom the situation is about");
}

}  // namespace kstati::cli
