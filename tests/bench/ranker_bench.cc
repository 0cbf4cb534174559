// SPDX-License-Identifier: Apache-2.0
// What ranking costs on one core, in CPU time of the thread:
//   ranker_bench [--check] [--rounds N]
// Trees: 300 of depth 6 over 60 columns, one value in ten missing. Our evaluator, scalar and
// vector, beside the bare library's call in place with one thread; margins must be equal bit for
// bit, else the exit code is 1.
// EASE: the fit by the number of items, and the scores of one person with the ten best items.
#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "recommender/models/ease.h"
#include "recommender/trees/forest.h"
#include "tests/bench/figures.h"
#include "tests/bench/thread_clock.h"

namespace kstati::bench {
namespace {

using recommender::models::Ease;
using recommender::models::ItemCounts;
using recommender::models::ItemIndex;
using recommender::trees::Forest;
using recommender::trees::ForestPath;

struct Settings {
  int rounds = 400;  // repetitions of each call
  size_t training_rows = 20'000;
  int trees = 300;
  std::vector<size_t> item_counts{300, 1000, 3000};
};

constexpr size_t kColumns = 60;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

void Require(int status) {
  if (status == 0) return;
  std::fprintf(stderr, "xgboost: %s\n", XGBGetLastError());
  std::exit(1);
}

std::vector<float> RandomRows(size_t count, std::mt19937& random) {
  std::vector<float> rows(count * kColumns);
  for (float& value : rows) {
    value = random() % 10 == 0 ? kMissing : static_cast<float>(random() % 10'000) / 5'000 - 1;
  }
  return rows;
}

BoosterHandle TrainTrees(const Settings& settings, std::mt19937& random) {
  const std::vector<float> rows = RandomRows(settings.training_rows, random);
  std::vector<float> labels;
  for (size_t row = 0; row < settings.training_rows; ++row) {
    float sum = static_cast<float>(random() % 100) / 100;
    for (size_t column = 0; column < kColumns; column += 3) {
      const float value = rows[row * kColumns + column];
      sum += std::isnan(value) ? 0 : value * (column % 2 == 0 ? 1.0f : value);
    }
    labels.push_back(sum > 1 ? 1.0f : 0.0f);
  }
  DMatrixHandle matrix = nullptr;
  Require(XGDMatrixCreateFromMat(rows.data(), settings.training_rows, kColumns, kMissing, &matrix));
  Require(XGDMatrixSetFloatInfo(matrix, "label", labels.data(), labels.size()));
  BoosterHandle booster = nullptr;
  Require(XGBoosterCreate(&matrix, 1, &booster));
  for (const auto& [name, value] : {std::pair("objective", "binary:logistic"),
                                    {"tree_method", "hist"},
                                    {"max_bin", "64"},
                                    {"max_depth", "6"},
                                    {"min_child_weight", "0.01"},
                                    {"eta", "0.05"},
                                    {"nthread", "1"},
                                    {"disable_default_eval_metric", "1"}}) {
    Require(XGBoosterSetParam(booster, name, value));
  }
  for (int round = 0; round < settings.trees; ++round) {
    Require(XGBoosterUpdateOneIter(booster, round, matrix));
  }
  Require(XGDMatrixFree(matrix));
  return booster;
}

// The library's call in place, with what a careful caller reuses.
class Library {
 public:
  explicit Library(BoosterHandle booster) : booster_(booster) {
    Require(XGProxyDMatrixCreate(&proxy_));
  }
  const float* Margins(const float* rows, size_t count) {
    char array[160];
    std::snprintf(array, sizeof array,
                  R"({"data":[%zu,true],"shape":[%zu,%zu],"typestr":"<f4","version":3})",
                  reinterpret_cast<size_t>(rows), count, kColumns);
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* margins = nullptr;
    Require(XGBoosterPredictFromDense(
        booster_, array,
        R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,)"
        R"("strict_shape":true,"missing":NaN,"cache_id":0})",
        proxy_, &shape, &dimensions, &margins));
    return margins;
  }

 private:
  BoosterHandle booster_;
  DMatrixHandle proxy_ = nullptr;
};

// The median over many calls that take turns with the others, so that noise meets all of them.
template <class... Calls>
std::vector<double> Medians(int rounds, const Calls&... calls) {
  std::vector<std::vector<double>> micros(sizeof...(calls));
  for (int round = 0; round < rounds; ++round) {
    size_t i = 0;
    const auto time = [&](const auto& call) {
      const double start = ThreadMicros();
      call();
      micros[i++].push_back(ThreadMicros() - start);
    };
    (time(calls), ...);
  }
  std::vector<double> medians;
  for (auto& each : micros) medians.push_back(Median(std::move(each)));
  return medians;
}

bool MeasureTrees(const Settings& settings) {
  std::mt19937 random(1);
  const BoosterHandle booster = TrainTrees(settings, random);
  bst_ulong length = 0;
  const char* bytes = nullptr;
  Require(XGBoosterSaveModelToBuffer(booster, R"({"format":"ubj"})", &length, &bytes));
  const double start = ThreadMicros();
  const auto model = recommender::trees::ReadTreeModel({bytes, length});
  if (!model) {
    std::fprintf(stderr, "%s\n", model.error().ToString().c_str());
    return false;
  }
  const Forest forest(*model);
  std::printf("trees: %d of depth 6 over %zu columns, %.1f KB, read in %.1f ms\n", settings.trees,
              kColumns, static_cast<double>(length) / 1e3, (ThreadMicros() - start) / 1e3);
  Library library(booster);
  bool is_equal = true;
  for (const size_t count : {size_t{1}, size_t{50}, size_t{500}}) {
    const std::vector<float> rows = RandomRows(count, random);
    std::vector<float> scalar(count);
    std::vector<float> vector(count);
    const auto medians = Medians(
        settings.rounds, [&] { library.Margins(rows.data(), count); },
        [&] { forest.Margins(rows.data(), count, scalar.data(), ForestPath::kScalar); },
        [&] { forest.Margins(rows.data(), count, vector.data()); });
    const float* expected = library.Margins(rows.data(), count);
    const size_t size = count * sizeof(float);
    is_equal = is_equal && std::memcmp(expected, scalar.data(), size) == 0 &&
               std::memcmp(expected, vector.data(), size) == 0;
    std::printf("%4zu rows: library %8.1f us, scalar %7.1f us (%.3f of it), %s %7.1f us (%.3f)\n",
                count, medians[0], medians[1], medians[1] / medians[0],
                Forest::HasVectorPath() ? "best (AVX-512)" : "best (no AVX-512)", medians[2],
                medians[2] / medians[0]);
  }
  std::printf("margins are %s\n", is_equal ? "equal bit for bit" : "DIFFERENT");
  Require(XGBoosterFree(booster));
  return is_equal;
}

void MeasureEase(size_t items, int rounds) {
  std::mt19937 random(2);
  ItemCounts counts(items);
  std::vector<ItemIndex> history;
  for (int person = 0; person < 5000; ++person) {
    history.clear();
    for (int i = 0; i < 12; ++i) {
      const double uniform = (static_cast<double>(random() % 1'000'000) + 1) / 1e6;
      const auto item = static_cast<ItemIndex>(std::pow(static_cast<double>(items), uniform) - 1);
      if (std::find(history.begin(), history.end(), item) == history.end()) history.push_back(item);
    }
    counts.Add(history);
  }
  const double start = ThreadMicros();
  const auto ease = Ease::Fit(counts, 20);
  const double fit = ThreadMicros() - start;
  if (!ease) std::exit(1);
  std::vector<ItemIndex> order(items);
  const auto medians = Medians(rounds, [&] {
    const Eigen::VectorXf scores = ease->Scores(history);
    std::iota(order.begin(), order.end(), ItemIndex{0});
    std::partial_sort(order.begin(), order.begin() + 10, order.end(),
                      [&](ItemIndex a, ItemIndex b) { return scores(a) > scores(b); });
  });
  std::printf(
      "EASE, %5zu items: fit %8.1f ms (with its check in double), residual %.1e, score + "
      "top 10 of a person %6.1f us\n",
      items, fit / 1e3, ease->residual(), medians[0]);
  std::fflush(stdout);
}

}  // namespace
}  // namespace kstati::bench

int main(int argc, char** argv) {
  kstati::bench::Settings settings;
  const auto check = [&] { settings = {3, 2000, 20, {50, 100}}; };
  const auto rounds = [&](const char* value) { settings.rounds = kstati::AtLeastOne(value); };
  if (!kstati::ReadOptions(argc, argv, {{"--check", nullptr, check}, {"--rounds", rounds}},
                           nullptr)) {
    return 2;
  }
  const bool is_equal = kstati::bench::MeasureTrees(settings);
  for (const size_t items : settings.item_counts) {
    kstati::bench::MeasureEase(items, settings.rounds);
  }
  return is_equal ? 0 : 1;
}
