// SPDX-License-Identifier: Apache-2.0
#include "eligibility/reasons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eligibility/internal/value_words.h"
#include "small_world.h"

namespace kstati::eligibility {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kToday = "2026-03-15";

class Reasons : public testing::Test {
 protected:
  Reasons() { WithPeople(catalogue_); }

  void Rules(const std::vector<Requirement>& criteria, const std::string& about = "person",
             const std::string& more = {}) {
    catalogue_.Service("benefit", about, criteria, more);
    program_ = &catalogue_.Compile();
    for (const Issue& issue : catalogue_.issues()) ADD_FAILURE() << issue.text;
  }

  std::vector<std::string> Said(Language language = Language::kRussian,
                                std::optional<uint64_t> about = std::nullopt,
                                std::string_view on = kToday) {
    const auto household = records_.HouseholdOf(1, on);
    Subject subject{&household, nullptr, std::nullopt};
    if (about) subject.about = records_.ViewOf(*about, on);
    const Decision decision = program_->Decide(catalogue_.service("benefit"), subject, true);
    std::vector<std::string> texts;
    for (const Reason& reason : Explain(decision, *program_, Texts(), language)) {
      texts.push_back(reason.text);
    }
    return texts;
  }

  SmallCatalogue catalogue_;
  Records records_;
  const Program* program_ = nullptr;
};

TEST_F(Reasons, AYesShowsEachCriterionWithTheFactItSpeaksFrom) {
  Rules({{"small", "child.age_years < 3", "rg_age", "confirmed"}}, "child");
  records_.Parent(1, 2).Know(2, "person.birth_date", Day("2026-03-01"), "2026-03-10");
  EXPECT_THAT(Said(Language::kRussian, 2),
              ElementsAre("Вам положено: Пособие benefit.",
                          "Выполнено: Правило small. Возраст ребёнка: 0 лет (Налоговая, "
                          "10 марта 2026)."));
  EXPECT_THAT(Said(Language::kEnglish, 2),
              ElementsAre("You are entitled to: Benefit benefit.",
                          "Met: Rule small. Age of the child: 0 years (Tax office, "
                          "10 March 2026)."));
}

TEST_F(Reasons, ANoShowsEveryFailedCriterionAndNothingElse) {
  Rules({{"adult", "person.age_years >= 18", "rg_age", "confirmed"},
         {"woman", "person.sex = \"female\"", "rg_criteria", "confirmed"},
         {"poor", "person.income < 100", "rg_income", "confirmed"}});
  records_.Know(1, "person.birth_date", Day("2012-01-01"))
      .Know(1, "person.sex", "female")
      .Know(1, "person.income", Number("25342.5"));
  EXPECT_THAT(Said(),
              ElementsAre("Сейчас вам не положено: Пособие benefit.",
                          "Не выполнено: Правило adult. Основание отказа: Возраст не подходит. "
                          "Возраст: 14 лет (Налоговая, 10 января 2026).",
                          "Не выполнено: Правило poor. Основание отказа: Доход слишком велик. "
                          "person.income: 25\u00A0342,50\u00A0₽ (Налоговая, 10 января 2026)."));
}

TEST_F(Reasons, AYearIsNotGroupedAsASum) {
  catalogue_.Attribute(
      "id: person.birth_year, type: number, unit: calendar_year, name: {ru: Год рождения, en: Year "
      "of birth}, derive: person.birth_date.year");
  Rules({{"old", "person.birth_year < 1970", "rg_age", "confirmed"}});
  records_.Know(1, "person.birth_date", Day("1969-04-10"));
  EXPECT_THAT(Said(Language::kEnglish).back(), HasSubstr("Year of birth: 1969 ("));
}

TEST_F(Reasons, AnOpenDecisionSaysWhatIsMissingAndWhoHoldsIt) {
  Rules({{"adult", "person.age_years >= 18", "rg_age", "confirmed"}});
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(Said(), ElementsAre("Пока нельзя сказать, положено ли вам: Пособие benefit.",
                                  "Нет сведений, чтобы проверить: Правило adult. Не хватает: "
                                  "person.birth_date (источник: Налоговая)."));
}

TEST_F(Reasons, AMissingValueOfLawIsNamedWithItsDay) {
  catalogue_.Parameter(
      "id: flat, type: money, unit: RUB, values: [{from: 2026-01-01, to: 2026-12-31, region: RU, "
      "value: 100, verification: confirmed, sources: [page]}]");
  Rules({{"poor", "person.income <= parameter(\"flat\")", "rg_income", "confirmed"}});
  records_.Know(1, "person.income", Number("1"));
  EXPECT_THAT(Said(Language::kRussian, std::nullopt, "2027-02-01").back(),
              HasSubstr("Величина (значение на 1 февраля 2027 не установлено)"));
  EXPECT_THAT(Said().back(), HasSubstr("Величина: 100\u00A0₽ (действует с 1 января 2026)"));
}

TEST_F(Reasons, ALikelyAnswerSaysWhatRemainsToBeConfirmed) {
  Rules({{"woman", "person.sex = \"female\"", "rg_criteria", "confirmed"}}, "person",
        "    conditions:\n      - {id: doctors, text: {ru: Решение врачей, en: Doctors}, "
        "ground: rg_medical, act: law, article: ст. 2, verification: confirmed, "
        "sources: [page]}\n");
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(Said(), ElementsAre("Скорее всего, вам положено: Пособие benefit.",
                                  "Осталось подтвердить: Решение врачей.",
                                  HasSubstr("person.sex: женский")));
}

TEST_F(Reasons, UnconfirmedLawIsSaidToBeSo) {
  Rules({{"woman", "person.sex = \"female\""}});
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(Said().back(), HasSubstr("не сверены с официальным источником"));
}

TEST_F(Reasons, RelativesAreNamedByRoleAndOnlyByWhatWasUsed) {
  Rules({{"child", "some c in children satisfies c.age_years < 3", "rg_age", "confirmed"}});
  records_.Parent(1, 2)
      .Know(2, "person.birth_date", Day("2026-03-01"))
      .Know(2, "person.sex", "female");
  EXPECT_THAT(Said().back(), HasSubstr("Возраст (ребёнок): 0 лет"));
  EXPECT_THAT(Said().back(), Not(HasSubstr("женский")));
}

TEST_F(Reasons, WithoutTheChildTheQuestionIsWhichChild) {
  Rules({{"student", "person.student = false", "rg_criteria", "confirmed"}}, "child");
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(Said(),
              ElementsAre(HasSubstr("Пока нельзя сказать"), "Неизвестно, о каком ребёнке речь."));
}

TEST_F(Reasons, ADayWithoutRulesIsSaidToBeOne) {
  Rules({{"woman", "person.sex = \"female\""}});
  records_.Know(1, "person.sex", "female");
  EXPECT_THAT(Said(Language::kRussian, std::nullopt, "2019-12-31").back(),
              "На 31 декабря 2019 правил этой услуги нет.");
}

TEST_F(Reasons, EachSentenceCarriesTheArticleItSpeaksFrom) {
  Rules({{"woman", "person.sex = \"female\"", "rg_criteria", "confirmed"}});
  records_.Know(1, "person.sex", "female");
  const auto household = records_.HouseholdOf(1, kToday);
  const Decision decision =
      program_->Decide(catalogue_.service("benefit"), {&household, nullptr, {}}, true);
  const auto reasons = Explain(decision, *program_, Texts(), Language::kRussian);
  ASSERT_EQ(reasons.size(), 2u);
  EXPECT_EQ(reasons[0].source, nullptr);
  ASSERT_NE(reasons[1].source, nullptr);
  EXPECT_EQ(reasons[1].source->act, ActId("law"));
}

std::string Words(profile::FactValue value, profile::ValueType type,
                  Language language = Language::kRussian) {
  return ValueInWords(value, type, Texts(), language);
}

TEST(ValueInWords, TruthsDatesAndTextsReadAsWords) {
  EXPECT_EQ(Words(true, profile::ValueType::kBoolean), "да");
  EXPECT_EQ(Words(false, profile::ValueType::kDocument), "нет");
  EXPECT_EQ(Words(Day("2026-03-15"), profile::ValueType::kDate), "15 марта 2026");
  EXPECT_EQ(Words(Day("2026-03-15"), profile::ValueType::kDate, Language::kEnglish),
            "15 March 2026");
  EXPECT_EQ(Words("77", profile::ValueType::kText), "77");
  EXPECT_EQ(Words(profile::NotApplicable{}, profile::ValueType::kDate), "неприменимо");
}

TEST(ValueInWords, MoneyIsGroupedAndExactToTheKopeck) {
  EXPECT_EQ(Words(Number("25342"), profile::ValueType::kMoney), "25\u00A0342\u00A0₽");
  EXPECT_EQ(Words(Number("1234567.5"), profile::ValueType::kMoney),
            "1\u00A0234\u00A0567,50\u00A0₽");
  EXPECT_EQ(Words(Number("-999.994"), profile::ValueType::kPayment), "-999,99\u00A0₽");
  EXPECT_EQ(Words(Number("25342.10"), profile::ValueType::kMoney, Language::kEnglish),
            "₽25,342.10");
  EXPECT_EQ(Words(Number("12345678901234567890.01"), profile::ValueType::kMoney),
            "12\u00A0345\u00A0678\u00A0901\u00A0234\u00A0567\u00A0890,01\u00A0₽");
}

TEST(ValueInWords, UnitsFollowTheNumber) {
  profile::Attribute years;
  years.type = profile::ValueType::kNumber;
  years.unit = "years";
  const auto said = [&](std::string_view number) {
    return AttributeInWords(Number(number), years, Texts(), Language::kRussian);
  };
  EXPECT_EQ(said("1"), "1 год");
  EXPECT_EQ(said("3"), "3 года");
  EXPECT_EQ(said("11"), "11 лет");
  EXPECT_EQ(said("21"), "21 год");
  EXPECT_EQ(said("1.5"), "1,5 года");
}

TEST(ValueInWords, AMonthlyAmountSaysSo) {
  EXPECT_EQ(ParameterInWords(Number("9584.69"), "RUB/month", Texts(), Language::kRussian),
            "9\u00A0584,69\u00A0₽ в месяц");
}

}  // namespace
}  // namespace kstati::eligibility
