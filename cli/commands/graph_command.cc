// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include "base/clock.h"
#include "cli/command_line.h"
#include "cli/commands/graph_commands.h"
#include "cli/connection.h"
#include "graph/picture/gallery.h"
#include "graph/picture/svg.h"
#include "thrift/server/picture_forms.h"

namespace kstati::cli {
namespace {

namespace picture = graph::picture;

std::string DotOf(const picture::DrawnTimeline& drawn) {
  picture::Picture steps;
  steps.title = drawn.timeline.title;
  for (const picture::TimelineStep& step : drawn.timeline.steps) {
    steps.nodes.push_back({step.id, picture::NodeKind::kService, step.name, false});
  }
  for (size_t i = 0; i < steps.nodes.size(); ++i) {
    steps.nodes[i].marked = drawn.timeline.steps[i].critical;
    for (uint32_t k = 0; k < steps.nodes.size(); ++k) {
      const auto& after = drawn.timeline.steps[i].after;
      if (std::find(after.begin(), after.end(), steps.nodes[k].id) == after.end()) continue;
      steps.edges.push_back({k, static_cast<uint32_t>(i), picture::EdgeKind::kGives});
    }
  }
  return picture::ToDot(steps);
}

std::string IdOf(const rpc::ChainStep& step) {
  return step.service_id + (step.about.empty() ? "" : "/" + step.about);
}

class GraphExportCommand final : public Command {
 public:
  std::string_view path() const override { return "graph export"; }
  std::string_view summary() const override {
    return "Draws the services around one, those of a life situation, or the chain of a citizen.";
  }
  std::string_view examples() const override {
    return "kstati graph export --situation child_birth --output birth.svg\n"
           "kstati graph export --service snils_newborn --hops 2 --format dot\n"
           "kstati graph export --situation child_birth --citizen 17 --data var/store";
  }

  void Declare(Options& options) override {
    options.Text("--situation", "SITUATION", situation_, "the services of this life situation",
                 Names::kSituation);
    options.Text("--service", "SERVICE", service_, "this service with what surrounds it",
                 Names::kService);
    options.Number("--hops", "COUNT", hops_, 0, picture::kHopsMax,
                   "how far around the service: who gives what is needed, and so on");
    options.Text("--citizen", "NUMBER", citizen_,
                 "whose chain of the situation is drawn, with its dates");
    options.Text("--about", "NUMBER", about_, "whom the chain is about; without it the latest one");
    options.Choice("--format", format_, {"svg", "dot", "json", "text"},
                   "text: the same as the picture in lines");
    options.Text("--output", "FILE", file_, "writes into a file instead of standard output");
    connection_.Declare(options);
  }

  Result<int> Run(const Terminal& terminal) override {
    if (situation_.empty() == service_.empty() || (!citizen_.empty() && situation_.empty())) {
      return Fail(ErrorCode::kInvalidArgument, "what to draw is not clear", "--situation",
                  "name a situation or a service; with --citizen a situation");
    }
    KSTATI_TRY(const Config config, connection_.ReadConfig());
    std::vector<Issue> issues;
    const Messages messages = Messages::Load(config.Text("messages.folder"), issues);
    const bool chain = !citizen_.empty();
    KSTATI_TRY(const std::string text,
               chain ? ChainText(messages) : CatalogueText(config, messages));
    if (file_.empty()) {
      terminal.out << text;
      return kExitFine;
    }
    std::ofstream file(file_);
    if (!(file << text).flush()) {
      return Fail(ErrorCode::kUnavailable, "the file cannot be written", file_,
                  "check the path and the free space");
    }
    return kExitFine;
  }

 private:
  Language language() const {
    return connection_.context().language == rpc::Language::EN ? Language::kEnglish
                                                               : Language::kRussian;
  }

  Result<std::string> CatalogueText(const Config& config, const Messages& messages) const {
    const std::string& folder = config.Text("catalogue.folder");
    std::vector<Issue> issues;
    const auto loaded = LoadedCatalogue::Load(folder, issues);
    if (HasErrors(issues)) {
      return Fail(ErrorCode::kInvalidArgument, "the catalogue has errors", folder,
                  "`kstati check " + folder + "` shows each with its line");
    }
    const Date today = LocalDate(SystemClock().Now(), config.Text("time.zone"));
    const graph::ServiceGraph graph(loaded->catalogue, today);
    const picture::Gallery gallery(messages, [&](const AttributeId& id, Language in) {
      const profile::Attribute* attribute = loaded->dictionary.Find(id);
      return attribute == nullptr ? id.text() : attribute->name.in(in);
    });
    KSTATI_TRY(const auto drawn, gallery.Show(graph, {SituationId(situation_), ServiceId(service_),
                                                      static_cast<int>(hops_), language()}));
    const picture::Words words = gallery.WordsIn(language());
    if (format_ == "dot") return picture::ToDot(drawn->picture);
    if (format_ == "json") return thrift::ToJson(*drawn).dump(2) + "\n";
    if (format_ == "text") return thrift::ToText(drawn->picture, words);
    return picture::ToSvg(*drawn, words);
  }

  Result<std::string> ChainText(const Messages& messages) {
    KSTATI_TRY(rpc::KstatiIf* const kstati, connection_.Open());
    rpc::Chain chain;
    kstati->chain(chain, connection_.context(), citizen_, situation_, about_);
    std::vector<picture::TimelineStep> steps;
    for (const rpc::ChainStep& step : chain.steps) {
      picture::TimelineStep drawn;
      drawn.id = IdOf(step);
      drawn.name = step.name;
      drawn.critical = step.critical;
      KSTATI_TRY(drawn.start, Date::Parse(step.start));
      if (step.__isset.finish) {
        KSTATI_TRY(const Date finish, Date::Parse(step.finish));
        drawn.finish = finish;
      }
      for (const int32_t before : step.after_steps) {
        drawn.after.push_back(IdOf(chain.steps.at(static_cast<size_t>(before))));
      }
      steps.push_back(std::move(drawn));
    }
    const picture::Gallery gallery(messages, {});
    const picture::DrawnTimeline drawn = gallery.Show(chain.name, std::move(steps), language());
    const picture::Words words = gallery.WordsIn(language());
    if (format_ == "dot") return DotOf(drawn);
    if (format_ == "json") return thrift::ToJson(drawn).dump(2) + "\n";
    if (format_ == "text") return thrift::ToText(drawn, words);
    return picture::ToSvg(drawn, words);
  }

  std::string situation_;
  std::string service_;
  std::string citizen_;
  std::string about_;
  std::string format_ = "svg";
  std::string file_;
  int64_t hops_ = 1;
  Connection connection_;
};

}  // namespace

void AddGraphExport(CommandList& commands) {
  commands.push_back(std::make_unique<GraphExportCommand>());
}

}  // namespace kstati::cli
