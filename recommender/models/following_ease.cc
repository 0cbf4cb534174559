// SPDX-License-Identifier: Apache-2.0
#include "recommender/models/following_ease.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <mutex>
#include <utility>

#include "base/check.h"

namespace kstati::recommender::models {
namespace {

using Eigen::Index;

constexpr Index kCheckedColumns = 16;
// Below it a division would double the rounding of the whole inverse.
constexpr double kDivisorMin = 1e-6;

// P of G + sign x x^T, x having a one for each item.
bool ChangeRankOne(std::span<const ItemIndex> items, double sign, Eigen::MatrixXd& inverse) {
  if (items.empty()) return true;
  Eigen::VectorXd moved = Eigen::VectorXd::Zero(inverse.rows());
  for (const ItemIndex item : items) moved += inverse.col(item);
  double product = 0;
  for (const ItemIndex item : items) product += moved(item);
  const double divisor = 1 + sign * product;
  if (!(divisor > kDivisorMin)) return false;
  inverse.noalias() -= (sign / divisor) * moved * moved.transpose();
  return true;
}

void Count(std::span<const ItemIndex> items, double sign, Eigen::MatrixXd& counts) {
  for (const ItemIndex one : items) {
    KSTATI_CHECK(one < counts.rows());
    for (const ItemIndex other : items) counts(other, one) += sign;
  }
}

double ResidualOf(const Eigen::MatrixXd& regularised, const Eigen::MatrixXd& inverse, Index step) {
  double largest = 0;
  for (Index column = 0; column < regularised.cols(); column += step) {
    Eigen::VectorXd product = regularised * inverse.col(column);
    product(column) -= 1;
    largest = std::max(largest, product.cwiseAbs().maxCoeff());
  }
  return largest;
}

Eigen::MatrixXd InverseOf(const Eigen::MatrixXd& regularised) {
  const Eigen::LLT<Eigen::MatrixXd> factor(regularised);
  KSTATI_CHECK(factor.info() == Eigen::Success);  // counts of histories and a ridge
  return factor.solve(Eigen::MatrixXd::Identity(regularised.rows(), regularised.cols()));
}

}  // namespace

FollowingEase::FollowingEase(const ItemCounts& counts, Options options)
    : options_(options), regularised_(counts.both().cast<double>()) {
  KSTATI_CHECK(options_.ridge > 0 && options_.checked_every > 0 && counts.items() > 0);
  regularised_.diagonal().array() += options_.ridge;
}

FollowingEase::~FollowingEase() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool FollowingEase::Apply(const Change& change, Eigen::MatrixXd& inverse) {
  return ChangeRankOne(change.after, 1, inverse) && ChangeRankOne(change.before, -1, inverse);
}

bool FollowingEase::HasDrifted() const {
  if (inverse_.rows() == 0 || changes_ % options_.checked_every != 0) return false;
  const Index step = std::max<Index>(1, regularised_.cols() / kCheckedColumns);
  return !(ResidualOf(regularised_, inverse_, step) <= options_.residual_max);
}

void FollowingEase::Replace(std::span<const ItemIndex> before, std::span<const ItemIndex> after) {
  const std::unique_lock lock(mutex_);
  Count(after, 1, regularised_);
  Count(before, -1, regularised_);
  Change change{{before.begin(), before.end()}, {after.begin(), after.end()}};
  changes_ += 1;
  const bool is_exact = inverse_.rows() > 0 && Apply(change, inverse_);
  if (!is_exact) inverse_.resize(0, 0);
  const bool is_awaited = is_exact || fitting_;
  wanted_ = wanted_ || !is_awaited || changes_ >= options_.refitted_every || HasDrifted();
  if (fitting_) meanwhile_.push_back(std::move(change));
  if (!wanted_) return;
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  changed_.notify_all();
}

std::vector<float> FollowingEase::Weights(std::span<const ItemIndex> taken, ItemIndex item) const {
  const std::shared_lock lock(mutex_);
  std::vector<float> weights;
  if (inverse_.rows() == 0) return weights;
  for (const ItemIndex each : taken) {
    const double weight = each == item ? 0 : -inverse_(each, item) / inverse_(item, item);
    weights.push_back(static_cast<float>(weight));
  }
  return weights;
}

void FollowingEase::Settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !wanted_ && !fitting_; });
}

size_t FollowingEase::fits() const {
  const std::shared_lock lock(mutex_);
  return fits_;
}

double FollowingEase::Residual() const {
  const std::shared_lock lock(mutex_);
  KSTATI_CHECK(inverse_.rows() > 0);
  return ResidualOf(regularised_, inverse_, 1);
}

void FollowingEase::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || wanted_; });
    if (stop_) return;
    wanted_ = false;
    fitting_ = true;
    meanwhile_.clear();
    changes_ = 0;
    const Eigen::MatrixXd snapshot = regularised_;
    lock.unlock();
    Eigen::MatrixXd fresh = InverseOf(snapshot);
    lock.lock();
    const bool is_exact = std::ranges::all_of(
        meanwhile_, [&fresh](const Change& change) { return Apply(change, fresh); });
    meanwhile_.clear();
    fitting_ = false;
    fits_ += 1;
    if (is_exact) {
      inverse_ = std::move(fresh);
    } else {
      wanted_ = true;
    }
    changed_.notify_all();
  }
}

}  // namespace kstati::recommender::models
