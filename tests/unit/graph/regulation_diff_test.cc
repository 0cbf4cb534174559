// SPDX-License-Identifier: Apache-2.0
#include "graph/regulation_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kstati::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Regulation Simple() {
  Regulation regulation;
  Criterion income;
  income.id = "income";
  income.rule = "person.income < 5";
  income.ground = GroundId("rg_income");
  regulation.criteria = {income};
  regulation.term = {2, TermUnit::kWorkingDays};
  regulation.visits = 1;
  regulation.channels = {"mfc"};
  regulation.inputs = {{{AttributeId("doc.note"), AttributeId("doc.letter")}, {}}};
  regulation.fee.amount = *Decimal::Parse("100");
  return regulation;
}

TEST(RegulationDiff, OfTheSameIsEmpty) { EXPECT_THAT(DiffOf(Simple(), Simple()), IsEmpty()); }

TEST(RegulationDiff, NamesWhatComesAndGoesAndChanges) {
  Regulation after = Simple();
  after.criteria[0].rule = "person.income < 7";
  after.criteria.push_back(after.criteria[0]);
  after.criteria[1].id = "age";
  after.term.value = 1;
  after.visits = 0;
  after.channels = {"epgu"};
  after.inputs.clear();
  after.fee.amount = *Decimal::Parse("0");
  after.mode = Mode::kProactiveAct;
  EXPECT_THAT(
      DiffOf(Simple(), after),
      ElementsAre("criterion age is new",
                  "criterion income: rule \"person.income < 5\" becomes \"person.income < 7\"",
                  "mode on-request becomes proactive-act", "input doc.note or doc.letter is gone",
                  "term 2 working_days becomes 1 working_days", "visits 1 becomes 0",
                  "fee 100 becomes 0", "channel mfc is gone", "channel epgu is new"));
}

Variant OfWomen(Regulation regulation) {
  Variant variant;
  variant.id = "woman";
  variant.category.rule = "person.sex = \"female\"";
  variant.regulation = std::make_shared<const Regulation>(std::move(regulation));
  return variant;
}

TEST(RegulationDiff, TellsOfAVariantOnlyWhatIsItsOwn) {
  Regulation before = Simple();
  before.variants = {OfWomen(Simple())};
  Regulation after = Simple();
  after.term.value = 1;
  Regulation of_women = after;
  of_women.visits = 0;
  after.variants = {OfWomen(of_women)};
  EXPECT_THAT(DiffOf(before, after), ElementsAre("term 2 working_days becomes 1 working_days",
                                                 "variant woman: visits 1 becomes 0"));
  after.variants.clear();
  EXPECT_THAT(DiffOf(before, after),
              ElementsAre("term 2 working_days becomes 1 working_days", "variant woman is gone"));
}

}  // namespace
}  // namespace kstati::graph
