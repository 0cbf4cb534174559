// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"
#include "cli/commands/citizen_command.h"
#include "cli/commands/commands.h"
#include "cli/json_forms.h"

namespace kstati::cli {
namespace {

std::string NamesOf(const std::vector<rpc::Named>& list) {
  std::string names;
  for (const rpc::Named& each : list) names += (names.empty() ? "" : "; ") + each.name;
  return names;
}

Json IdsOf(const std::vector<rpc::Named>& list) {
  Json ids = Json::array();
  for (const rpc::Named& each : list) ids.push_back(each.id);
  return ids;
}

Json FormOf(const rpc::ApplicationStep& step) {
  Json form{{"service_id", step.service_id},
            {"service_name", step.service_name},
            {"about", step.about},
            {"authority", step.authority},
            {"state", step.state},
            {"verdict", NameOf(step.verdict)},
            {"awaits", IdsOf(step.awaits)},
            {"behind", IdsOf(step.behind)},
            {"fee", step.fee},
            {"fee_known", step.fee_known},
            {"visits", step.visits}};
  if (step.__isset.case_id) form["case_id"] = step.case_id;
  if (step.__isset.status) form["status"] = step.status;
  if (step.__isset.not_started) form["not_started"] = step.not_started;
  return form;
}

Json FormOf(const std::vector<rpc::ApplicationStep>& steps) {
  Json forms = Json::array();
  for (const rpc::ApplicationStep& step : steps) forms.push_back(FormOf(step));
  return forms;
}

Json FormOf(const std::vector<rpc::NeededFor>& needed) {
  Json forms = Json::array();
  for (const rpc::NeededFor& each : needed) {
    forms.push_back({{"id", each.what.id}, {"services", IdsOf(each.services)}});
  }
  return forms;
}

Json FormOf(const rpc::ApplicationOffer& offer) {
  Json asks = Json::array();
  for (const rpc::ApplicationAsk& ask : offer.asks) {
    asks.push_back({{"attribute", ask.attribute},
                    {"citizen", ask.citizen},
                    {"type", ask.type},
                    {"services", IdsOf(ask.services)}});
  }
  Json form{{"offer", offer.offer},
            {"situation", offer.situation},
            {"about", offer.about},
            {"steps", FormOf(offer.steps)},
            {"asks", std::move(asks)},
            {"documents", FormOf(offer.documents)},
            {"fee", offer.fee},
            {"fee_known", offer.fee_known},
            {"visits", offer.visits},
            {"categories", FormOf(offer.categories)},
            {"recipients", FormOf(offer.recipients)},
            {"unreached", IdsOf(offer.unreached)}};
  if (offer.__isset.consent_until) form["consent_until"] = offer.consent_until;
  return form;
}

Json FormOf(const rpc::SingleApplication& application) {
  Json form{{"id", application.id},
            {"situation", application.situation},
            {"about", application.about},
            {"made_at", application.made_at},
            {"steps", FormOf(application.steps)}};
  if (application.__isset.consent) form["consent"] = application.consent;
  return form;
}

std::string ReadableSteps(const std::vector<rpc::ApplicationStep>& steps) {
  std::string text;
  for (const rpc::ApplicationStep& step : steps) {
    text += "  " + (step.__isset.case_id ? step.case_id : step.state) + "  " + step.service_name +
            " [" + step.service_id + "]";
    if (step.__isset.status_name) text += "  " + step.status_name;
    if (step.state == "waits" && !step.awaits.empty()) text += "  <- " + NamesOf(step.awaits);
    if (step.__isset.not_started_text) text += "  " + step.not_started_text;
    text += "\n";
  }
  return text;
}

std::string ReadableOffer(const rpc::ApplicationOffer& offer) {
  std::string text = offer.name + "\noffer: " + offer.offer + "\nfee: " + offer.fee + " roubles" +
                     (offer.fee_known ? "" : " and what the law states in words") +
                     "\nvisits: " + std::to_string(offer.visits) + "\n" +
                     ReadableSteps(offer.steps);
  for (const rpc::ApplicationAsk& ask : offer.asks) {
    text += "asked: " + ask.name + " [" + ask.attribute + "] of " + ask.citizen + " for " +
            NamesOf(ask.services) + "\n";
  }
  for (const rpc::NeededFor& paper : offer.documents) {
    text += "to bring: " + paper.what.name + " for " + NamesOf(paper.services) + "\n";
  }
  if (offer.__isset.consent_until) text += "consent until " + offer.consent_until + "\n";
  for (const auto* list : {&offer.categories, &offer.recipients}) {
    for (const rpc::NeededFor& scope : *list) {
      text += "  " + scope.what.name + " for " + NamesOf(scope.services) + "\n";
    }
  }
  return text;
}

std::string ReadableApplication(const rpc::SingleApplication& application) {
  return application.id + "  " + application.name + ", " + application.made_at +
         (application.__isset.consent ? ", consent " + application.consent : "") + "\n" +
         ReadableSteps(application.steps);
}

class ApplicationOfferShow final : public CitizenCommand {
 public:
  std::string_view path() const override { return "application offer"; }
  std::string_view summary() const override {
    return "Shows one application for all that a situation takes: what is asked, paid and "
           "consented to, once.";
  }
  std::string_view examples() const override {
    return "kstati application offer 17 child_birth --data var/store\n"
           "kstati application offer 17 child_birth --about 18 --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SITUATION", situation_, "id of the situation", Names::kSituation);
    options.Text("--about", "NUMBER", about_, "whom the situation is about");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::ApplicationOffer offer;
    kstati.offerApplication(offer, context, citizen(), situation_, about_);
    output().Print(terminal, FormOf(offer), ReadableOffer(offer));
    return kExitFine;
  }

  std::string situation_;
  std::string about_;
};

class ApplicationConfirm final : public CitizenCommand {
 public:
  std::string_view path() const override { return "application confirm"; }
  std::string_view summary() const override {
    return "Confirms an offered application: starts what can start, and later the rest by itself.";
  }
  std::string_view examples() const override {
    return "kstati application confirm 17 child_birth --offer 1773651600000000-5f2b9c01d3aa "
           "--text-version 2026-01\n"
           "kstati application confirm 17 child_birth --offer 1773651600000000-5f2b9c01d3aa "
           "--text-version 2026-01 --answer person.ready_to_work=true";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("SITUATION", form_.situation, "id of the situation", Names::kSituation);
    options.RequiredText("--offer", "OFFER", form_.offer, "as `application offer` shows it");
    options.RequiredText("--text-version", "VERSION", form_.text_version,
                         "of the text of the consent that the person saw");
    options.Text("--channel", "NAME", form_.channel, "where the person confirmed it");
    options.Text("--about", "NUMBER", form_.about, "whom the situation is about");
    options.Text("--by", "NUMBER", by_,
                 "who confirms for the citizen: a parent, guardian or proxy; without it the "
                 "citizen");
    options.Texts("--answer", "ATTRIBUTE=VALUE", answers_,
                  "what is told; NUMBER:ATTRIBUTE=VALUE of somebody else; without \"=\" the person "
                  "does not know");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    form_.citizen = citizen();
    for (const std::string& text : answers_) form_.answers.push_back(AnswerIn(text));
    rpc::CallContext speaking = context;
    if (!by_.empty()) speaking.__set_representative(by_);
    rpc::SingleApplication application;
    kstati.confirmApplication(application, speaking, form_);
    output().Print(terminal, FormOf(application), ReadableApplication(application));
    return kExitFine;
  }

  static rpc::Answer AnswerIn(const std::string& text) {
    rpc::Answer answer;
    const size_t equals = text.find('=');
    answer.attribute = text.substr(0, equals);
    const size_t colon = answer.attribute.find(':');
    if (colon != std::string::npos) {
      answer.__set_citizen(answer.attribute.substr(0, colon));
      answer.attribute.erase(0, colon + 1);
    }
    if (equals != std::string::npos) answer.__set_value(text.substr(equals + 1));
    return answer;
  }

  rpc::ApplicationConfirmation form_ = [] {
    rpc::ApplicationConfirmation form;
    form.channel = "command-line";
    return form;
  }();
  std::string by_;
  std::vector<std::string> answers_;
};

class ApplicationList final : public CitizenCommand {
 public:
  std::string_view path() const override { return "application list"; }
  std::string_view summary() const override {
    return "Lists the applications of a citizen for whole situations, with what became of each "
           "step.";
  }
  std::string_view examples() const override {
    return "kstati application list 17 --data var/store\n"
           "kstati application list 17 --server 127.0.0.1:9090 --format jsonl";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    std::vector<rpc::SingleApplication> applications;
    kstati.applications(applications, context, citizen());
    std::vector<Json> records;
    for (const rpc::SingleApplication& each : applications) {
      for (const rpc::ApplicationStep& step : each.steps) {
        Json record = FormOf(step);
        record["id"] = each.id;
        record["situation"] = each.situation;
        records.push_back(std::move(record));
      }
    }
    output().Print(terminal, records,
                   {{"id", "APPLICATION"},
                    {"situation", "SITUATION"},
                    {"service_id", "SERVICE"},
                    {"state", "STATE"},
                    {"case_id", "CASE"},
                    {"status", "STATUS"}});
    return kExitFine;
  }
};

Json FormOf(const rpc::PreCheck& it) {
  Json form{{"id", it.id},
            {"service_id", it.service_id},
            {"about", it.about},
            {"made_at", it.made_at},
            {"holds_until", it.holds_until},
            {"suffices", it.suffices},
            {"verdict", NameOf(it.verdict)},
            {"documents", IdsOf(it.documents)},
            {"regulation_from", it.regulation_from},
            {"holds", it.holds},
            {"text", it.text}};
  form["missing"] = Json::array();
  for (const rpc::MissingFact& missing : it.missing) form["missing"].push_back(missing.attribute);
  form["grounds"] = Json::array();
  for (const rpc::RefusalGround& ground : it.grounds) form["grounds"].push_back(ground.id);
  if (it.__isset.case_id) form["case_id"] = it.case_id;
  return form;
}

class CaseCheck final : public ServiceCommand {
 public:
  CaseCheck() : ServiceCommand({}) {}

  std::string_view path() const override { return "case check"; }
  std::string_view summary() const override {
    return "Answers whether everything suffices for a service; the answer is kept and binds for a "
           "time.";
  }
  std::string_view examples() const override {
    return "kstati case check 17 snils_newborn --about 18 --data var/store\n"
           "kstati case check 17 birth_lump_sum --server 127.0.0.1:9090";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::PreCheck it;
    kstati.preCheck(it, context, citizen(), service(), about());
    const std::string binds = it.holds ? "binds until " + it.holds_until + "\n" : std::string();
    output().Print(terminal, FormOf(it), it.id + "  " + it.text + "\n" + binds);
    return it.suffices ? kExitFine : kExitFoundProblems;
  }
};

class CaseOrder final : public CitizenCommand {
 public:
  std::string_view path() const override { return "case order"; }
  std::string_view summary() const override {
    return "Applies for what a pre-check found to suffice.";
  }
  std::string_view examples() const override {
    return "kstati case order 17 P-000000000017-0001 --data var/store\n"
           "kstati case order 17 P-000000000017-0001 --server 127.0.0.1:9090";
  }

 private:
  void DeclareOwn(Options& options) override {
    options.Argument("PRECHECK", id_, "id of the pre-check");
  }

  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Case c;
    kstati.order(c, context, citizen(), id_);
    output().Print(terminal, ToJson(c), c.id + "  " + c.status_name + "\n");
    return kExitFine;
  }

  std::string id_;
};

class CaseZeros final : public ServiceCommand {
 public:
  CaseZeros() : ServiceCommand({}) {}

  std::string_view path() const override { return "case zeros"; }
  std::string_view summary() const override {
    return "Counts how near an application would come to zero input, waiting and paper, and what "
           "stands in between.";
  }
  std::string_view examples() const override {
    return "kstati case zeros 17 snils_newborn --about 18 --data var/store\n"
           "kstati case zeros 17 birth_lump_sum --server 127.0.0.1:9090";
  }

 private:
  Result<int> Answer(rpc::KstatiIf& kstati, const rpc::CallContext& context,
                     const Terminal& terminal) override {
    rpc::Zeros zeros;
    kstati.zeros(zeros, context, citizen(), service(), about());
    Json form{{"score", zeros.score}, {"blockers", Json::array()}};
    std::string text = std::to_string(zeros.score) + " of 3\n";
    for (const rpc::ZeroBlocker& blocker : zeros.blockers) {
      form["blockers"].push_back({{"zero", blocker.zero}, {"text", blocker.text}});
      text += "  " + blocker.zero + ": " + blocker.text + "\n";
    }
    output().Print(terminal, form, text);
    return kExitFine;
  }
};

}  // namespace

void AddApplication(CommandList& commands) {
  commands.push_back(std::make_unique<ApplicationOfferShow>());
  commands.push_back(std::make_unique<ApplicationConfirm>());
  commands.push_back(std::make_unique<ApplicationList>());
  commands.push_back(std::make_unique<CaseCheck>());
  commands.push_back(std::make_unique<CaseOrder>());
  commands.push_back(std::make_unique<CaseZeros>());
}

}  // namespace kstati::cli
