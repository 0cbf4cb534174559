// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/check.h"
#include "base/gauge.h"

namespace kstati::metrics {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void Add(double amount) override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

bool IsMetricName(std::string_view name) {
  return name.starts_with("kstati_") && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

prometheus::Labels LabelsOf(std::string_view label, std::string_view value) {
  if (label.empty()) return {};
  return {{std::string(label), std::string(value)}};
}

// From 10 us to 10 s in steps of 1, 2.5, 5.
prometheus::Histogram::BucketBoundaries SecondBuckets() {
  return {0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
          0.025,   0.05,     0.1,     0.25,   0.5,     1,      2.5,   5,      10};
}

// Families and what wraps their members, by name; two kinds never share a name.
struct Metrics {
  std::mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counter_families;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*, std::less<>> histogram_families;
  std::map<prometheus::Counter*, std::unique_ptr<PrometheusCounter>> counters;
  std::map<std::string, std::unique_ptr<PrometheusGauge>, std::less<>> gauges;
  std::map<prometheus::Histogram*, std::unique_ptr<PrometheusHistogram>> histograms;
};

// Lives as long as the process: other threads may still count while it ends.
Metrics& All() {
  static auto* const metrics = new Metrics;
  return *metrics;
}

}  // namespace

Counter& CounterOf(std::string_view name, std::string_view help, std::string_view label,
                   std::string_view label_value) {
  KSTATI_CHECK(IsMetricName(name));
  Metrics& all = All();
  const std::lock_guard lock(all.mutex);
  KSTATI_CHECK(!all.histogram_families.contains(name) && !all.gauges.contains(name));
  auto family = all.counter_families.find(name);
  if (family == all.counter_families.end()) {
    auto& made = prometheus::BuildCounter()
                     .Name(std::string(name))
                     .Help(std::string(help))
                     .Register(all.registry);
    family = all.counter_families.emplace(name, &made).first;
  }
  prometheus::Counter& counter = family->second->Add(LabelsOf(label, label_value));
  std::unique_ptr<PrometheusCounter>& wrapper = all.counters[&counter];
  if (!wrapper) wrapper = std::make_unique<PrometheusCounter>(counter);
  return *wrapper;
}

Gauge& GaugeOf(std::string_view name, std::string_view help) {
  KSTATI_CHECK(IsMetricName(name));
  Metrics& all = All();
  const std::lock_guard lock(all.mutex);
  KSTATI_CHECK(!all.counter_families.contains(name) && !all.histogram_families.contains(name));
  auto found = all.gauges.find(name);
  if (found == all.gauges.end()) {
    auto& family = prometheus::BuildGauge()
                       .Name(std::string(name))
                       .Help(std::string(help))
                       .Register(all.registry);
    auto made = std::make_unique<PrometheusGauge>(family.Add({}));
    found = all.gauges.emplace(name, std::move(made)).first;
  }
  return *found->second;
}

Histogram& SecondsOf(std::string_view name, std::string_view help, std::string_view label,
                     std::string_view label_value) {
  KSTATI_CHECK(IsMetricName(name));
  Metrics& all = All();
  const std::lock_guard lock(all.mutex);
  KSTATI_CHECK(!all.counter_families.contains(name) && !all.gauges.contains(name));
  auto family = all.histogram_families.find(name);
  if (family == all.histogram_families.end()) {
    auto& made = prometheus::BuildHistogram()
                     .Name(std::string(name))
                     .Help(std::string(help))
                     .Register(all.registry);
    family = all.histogram_families.emplace(name, &made).first;
  }
  prometheus::Histogram& histogram =
      family->second->Add(LabelsOf(label, label_value), SecondBuckets());
  std::unique_ptr<PrometheusHistogram>& wrapper = all.histograms[&histogram];
  if (!wrapper) wrapper = std::make_unique<PrometheusHistogram>(histogram);
  return *wrapper;
}

std::string Exposition() {
  return prometheus::TextSerializer().Serialize(All().registry.Collect());
}

}  // namespace kstati::metrics
