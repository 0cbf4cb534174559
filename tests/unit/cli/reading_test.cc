// SPDX-License-Identifier: Apache-2.0
// What commands about a citizen show: values masked unless a reason is given, and earlier days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command_line.h"
#include "cli/store_opening.h"
#include "cli/system.h"
#include "eligibility/certificate_verifier/verifier.h"
#include "profile/engines/engine.h"

namespace kstati::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kEvents =
    R"({"source": "fns_erns", "id": "p1", "type": "registry.person_registered", "subject": "17",)"
    R"( "occurred_on": "2026-01-15", "participants": {"person": ["17"]}, "facts": [)"
    R"({"citizen": "17", "attribute": "person.birth_date", "value": "1991-07-23"}]})"
    "\n"
    R"({"source": "mvd_pass", "id": "m1", "type": "registry.facts", "subject": "17",)"
    R"( "occurred_on": "2026-01-15", "facts": [)"
    R"({"citizen": "17", "attribute": "person.region_code", "value": "77"},)"
    R"( {"citizen": "17", "attribute": "person.citizenship_rf", "value": true}]})"
    "\n"
    R"({"source": "egr_zags", "id": "b1", "type": "event.child_born", "subject": "18",)"
    R"( "occurred_on": "2026-02-01", "participants": {"child": ["18"], "mother": ["17"]},)"
    R"( "facts": [)"
    R"({"citizen": "18", "attribute": "person.birth_date", "value": "2026-02-01"},)"
    R"( {"citizen": "18", "attribute": "person.citizenship_rf", "value": true},)"
    R"( {"citizen": "18", "attribute": "doc.birth_record", "value": true}]})"
    "\n";

// A store of its own with a mother and a child.
class ReadingTest : public testing::Test {
 protected:
  struct Done {
    int code = 0;
    std::string out;
    std::string err;
  };

  ReadingTest()
      : folder_(fs::temp_directory_path() / ("kstati_reading_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "kstati.toml")
        << "[catalogue]\nfolder = \"" KSTATI_DATA "/catalogue\"\n"
        << "[messages]\nfolder = \"" KSTATI_DATA "/messages\"\n"
        << "[store]\nfolder = \"store\"\n[model]\nfolder = \"model\"\n";
    EXPECT_EQ(Run({"event", "ingest", "-"}, kEvents).code, kExitFine);
  }
  ~ReadingTest() override { fs::remove_all(folder_); }

  Done Run(std::vector<std::string> words, const std::string& given = {}) {
    words.insert(words.end(), {"--config", (folder_ / "kstati.toml").string(), "--language", "en"});
    std::istringstream in(given);
    std::ostringstream out;
    std::ostringstream err;
    const int code = RunCommandLine(words, {in, out, err});
    return {code, out.str(), err.str()};
  }

  // What the ledger tells citizen 17 of calls; those for which a reason was given.
  std::vector<profile::DeedOfCitizen> Calls() {
    profile::RocksDbOptions options;
    options.folder = (folder_ / "store").string();
    auto engine = profile::OpenRocksDb(options);
    auto keys = profile::OpenMasterKeyFile(options.folder + ".keys");
    EXPECT_TRUE(engine && keys);
    const profile::Store store(std::move(*engine), std::move(*keys));
    auto deeds = store.Deeds(CitizenId(17), 0, 100);
    EXPECT_TRUE(deeds);
    std::erase_if(*deeds, [](const auto& deed) { return !deed.content.contains("caller"); });
    return *deeds;
  }

  fs::path folder_;
};

TEST_F(ReadingTest, ValuesAreMaskedAndTheReadIsRecordedWithoutAReason) {
  const Done shown = Run({"profile", "show", "17"});
  EXPECT_EQ(shown.code, kExitFine) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("person.birth_date"), HasSubstr("•••"),
                               HasSubstr("2026-01-15"), Not(HasSubstr("1991"))));
  EXPECT_THAT(Run({"profile", "history", "17"}).out, Not(HasSubstr("1991")));
  const auto calls = Calls();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].content.at("call"), "profile");
  EXPECT_EQ(calls[1].content.at("call"), "history");
  EXPECT_FALSE(calls[0].content.contains("reason"));
}

TEST_F(ReadingTest, SentencesAndFactsOfADecisionAreMaskedToo) {
  const Done masked = Run({"explain", "17", "snils_newborn", "--format", "table"});
  EXPECT_THAT(masked.out, AllOf(HasSubstr("[holds]"), HasSubstr("•••"),
                                HasSubstr("from 2026-02-01"), Not(HasSubstr(": yes"))));
  const Done revealed =
      Run({"explain", "17", "snils_newborn", "--reveal", "request 4711", "--format", "table"});
  EXPECT_THAT(revealed.out, AllOf(HasSubstr(": yes"), Not(HasSubstr("•••"))));
}

TEST_F(ReadingTest, ANoSaysWhatWouldChangeIt) {
  const Done ingested =
      Run({"event", "ingest", "-"},
          R"({"source": "sfr_ils", "id": "w1", "type": "registry.facts", "subject": "17",)"
          R"( "occurred_on": "2026-01-15", "facts": [)"
          R"({"citizen": "17", "attribute": "person.employed", "value": false}]})"
          "\n"
          R"({"source": "declared", "id": "w2", "type": "registry.facts", "subject": "17",)"
          R"( "occurred_on": "2026-01-15", "facts": [)"
          R"({"citizen": "17", "attribute": "person.ready_to_work", "value": false}]})"
          "\n");
  ASSERT_EQ(ingested.code, kExitFine) << ingested.out;
  const Done no = Run({"explain", "17", "job_seeker_registration", "--format", "table"});
  EXPECT_THAT(no.out, HasSubstr("The answer would be yes with this: Ready to work: yes."));
}

TEST_F(ReadingTest, APassportTellsTheRegulationAndMasksFacts) {
  const Done masked = Run({"passport", "17", "snils_newborn", "--format", "table"});
  EXPECT_EQ(masked.code, kExitFine) << masked.err;
  EXPECT_THAT(masked.out, AllOf(HasSubstr("Documents:"), HasSubstr("Term:"), HasSubstr("Free"),
                                Not(HasSubstr("on record")), Not(HasSubstr("otherwise"))));
  const Done revealed = Run({"passport", "17", "snils_newborn", "--reveal", "request 4711",
                             "--compare", "2026-03-01", "--format", "table"});
  EXPECT_THAT(revealed.out, AllOf(HasSubstr("on record"), HasSubstr("nothing is otherwise")));
  EXPECT_THAT(Run({"passport", "17", "snils_newborn", "--compare", "soon"}).err,
              HasSubstr("compared_with"));
  EXPECT_THAT(Run({"passport", "17", "snils_newborn", "--at", "1999-01-01"}).err,
              HasSubstr("no regulation of snils_newborn is in force"));
}

TEST_F(ReadingTest, ACertificateIsVerifiedWithoutKstati) {
  const Done masked = Run({"certificate", "17", "snils_newborn"});
  EXPECT_NE(masked.code, kExitFine);
  EXPECT_THAT(masked.err, HasSubstr("a certificate tells the person's facts"));
  const Done certified = Run({"certificate", "17", "snils_newborn", "--reveal", "request 4711"});
  ASSERT_EQ(certified.code, kExitFine) << certified.err;
  std::string document = certified.out;
  EXPECT_EQ(certificate_verifier::WhyRejected(document), std::nullopt);
  EXPECT_THAT(document, Not(HasSubstr("\"17\"")));
  document[document.find("holds")] = 'H';
  EXPECT_NE(certificate_verifier::WhyRejected(document), std::nullopt);
}

TEST_F(ReadingTest, AReasonShowsValuesAndIsRecorded) {
  const Done shown = Run({"profile", "show", "17", "--reveal", "request 4711"});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("1991"), Not(HasSubstr("•••"))));
  const auto calls = Calls();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].content.at("call"), "profile");
  EXPECT_EQ(calls[0].content.at("reason"), "request 4711");
  EXPECT_EQ(calls[0].content.at("caller"), "loopback");
  EXPECT_FALSE(calls[0].content.at("actor").empty());
  EXPECT_GT(calls[0].at, Instant());
}

TEST_F(ReadingTest, WithoutAReasonNothingIsRevealed) {
  for (const char* reason : {"", "  "}) {
    const Done refused = Run({"profile", "show", "17", "--reveal", reason});
    EXPECT_EQ(refused.code, 4);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr("context.reason"));
  }
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(ReadingTest, TheLedgerIsToldInWordsAndRelativesLearnNothingOfEachOther) {
  EXPECT_EQ(Run({"explain", "17", "snils_newborn"}).code, kExitFine);
  const Done own = Run({"ledger", "show", "17", "--format", "jsonl"});
  EXPECT_THAT(own.out,
              AllOf(HasSubstr("\"kind\":\"decision\""), HasSubstr("The right to the service"),
                    HasSubstr("After a message of a registry")));
  const Done child = Run({"ledger", "show", "18", "--format", "jsonl"});
  EXPECT_THAT(child.out, AllOf(HasSubstr("a member of your household"), Not(HasSubstr("snils")),
                               Not(HasSubstr("000000000017"))));
}

TEST_F(ReadingTest, AThirdPartyIsShownNothingThatCannotBeEntered) {
  std::vector<Issue> issues;
  const auto config = Config::Find((folder_ / "kstati.toml").string(), issues);
  ASSERT_TRUE(config);
  const auto system = System::Open(*config, StoreUse::kExisting);
  ASSERT_TRUE(system) << system.error().ToString();
  const fs::path witness = WitnessFile(*config);
  fs::rename(witness, folder_ / "kept");
  fs::create_directory(witness);  // the ledger's second place is gone
  rpc::Profile profile;
  const std::string citizen = CitizenId(17).ToString();
  EXPECT_THROW((*system)->handler()->profile(profile, {}, citizen, {}, {}), rpc::Failure);
  fs::remove(witness);
  fs::rename(folder_ / "kept", witness);
  (*system)->handler()->profile(profile, {}, citizen, {}, {});
  EXPECT_EQ(profile.citizen, citizen);
}

TEST_F(ReadingTest, EarlierDaysAndEarlierKnowledge) {
  EXPECT_THAT(Run({"situations", "17"}).out, HasSubstr("child_birth"));
  EXPECT_EQ(Run({"situations", "17", "--at", "2026-01-31"}).out, "") << "the child was not born";
  EXPECT_THAT(Run({"situations", "17", "--at", "2026-02-01"}).out, HasSubstr("child_birth"));
  const std::string before = "2026-02-02T00:00:00Z";
  EXPECT_EQ(Run({"situations", "17", "--as-of", before}).out, "") << "nothing was recorded yet";
  EXPECT_THAT(Run({"case", "list", "17"}).out, HasSubstr("snils_newborn"));
  EXPECT_EQ(Run({"case", "list", "17", "--as-of", before}).out, "");
  EXPECT_THAT(Run({"suggest", "17", "--limit", "100"}).out, HasSubstr("snils_newborn"));
  EXPECT_THAT(Run({"suggest", "17", "--limit", "100", "--at", "2026-01-31"}).out,
              Not(HasSubstr("snils_newborn")));
  EXPECT_THAT(Run({"explain", "17", "snils_newborn", "--at", "2026-02-10"}).out,
              HasSubstr("\"valid_at\":\"2026-02-10\""));
  EXPECT_THAT(Run({"chain", "17", "child_birth", "--at", "2026-02-10"}).out,
              HasSubstr("\"start\":\"2026-02-10\""));
}

TEST_F(ReadingTest, AskNamesTheQuestionThatDecidesAndTakesItsAnswer) {
  EXPECT_EQ(Run({"event", "ingest", "-"},
                R"({"source": "sfr_ils", "id": "w1", "type": "registry.facts", "subject": "17",)"
                R"( "occurred_on": "2026-01-15", "facts": [)"
                R"({"citizen": "17", "attribute": "person.employed", "value": false}]})"
                "\n")
                .code,
            kExitFine);
  const std::vector<std::string> ask{"ask", "17", "--service", "job_seeker_registration"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), ask.begin(), ask.end());
    return Run(more);
  };
  EXPECT_THAT(with({"--format", "table"}).out,
              AllOf(HasSubstr("[person.ready_to_work]"), HasSubstr("1.0 expected, 1 at most")));
  EXPECT_THAT(with({"--answer", "person.ready_to_work=true"}).out,
              AllOf(Not(HasSubstr("\"question\"")), HasSubstr("\"verdict\":\"eligible\"")));
  EXPECT_THAT(with({"--dont-know", "person.ready_to_work"}).out, HasSubstr("undetermined"));
  const Done held = with({"--answer", "person.employed=false"});
  EXPECT_EQ(held.code, 4);
  EXPECT_THAT(held.err, HasSubstr("nobody may be asked for it"));
  EXPECT_THAT(with({"--answer", "person.ready_to_work"}).err, HasSubstr("write ATTRIBUTE=VALUE"));
  const Done all = Run({"ask", "17", "--format", "table"});
  EXPECT_EQ(all.code, kExitFine) << all.err;
}

}  // namespace
}  // namespace kstati::cli
