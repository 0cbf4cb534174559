// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

class NotificationsCommand final : public CitizenCommand {
 public:
  std::string_view path() const override { return "notifications"; }
  std::string_view summary() const override {
    return "Lists what a citizen was told, oldest first.";
  }
  std::string_view examples() const override {
    return "kstati notifications 17 --data var/store\n"
           "kstati notifications 17 --server 127.0.0.1:9090 --language en";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::Notification> notifications;
    kstati.notifications(notifications, context, citizen());
    output().Print(terminal, AllToJson(notifications),
                   {{"at", "AT"},
                    {"case_id", "CASE"},
                    {"title", "TITLE"},
                    {"text", "TEXT"},
                    {"delivery", "DELIVERY"},
                    {"delivery_reason", "WHY NOT"}});
    return kExitFine;
  }
};

}  // namespace

void AddNotifications(CommandList& commands) {
  commands.push_back(std::make_unique<NotificationsCommand>());
}

}  // namespace kstati::cli
