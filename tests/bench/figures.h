// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kstati {

inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The value below which this share of the sorted ones lies; 0 when there are none.
inline double Percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// Many writers, each of which waits for its write before it makes the next one.
struct WriterSettings {
  double seconds = 3;  // of a round
  int rounds = 3;
  int writers = 64;
};

struct Throughput {
  size_t count = 0;
  double rate = 0;  // writes per second
  double p50_ms = 0;
  double p99_ms = 0;
};

// Runs `write` in every writer until the round is over. `make` gives what to write for a number
// that never repeats; only the write is timed.
template <class Make, class Write>
Throughput MeasureWriters(const WriterSettings& settings, std::atomic<uint64_t>& next,
                          const Make& make, const Write& write) {
  using Steady = std::chrono::steady_clock;
  std::atomic<bool> stop = false;
  std::vector<std::vector<double>> latencies(static_cast<size_t>(settings.writers));
  std::vector<std::thread> writers;
  const Steady::time_point start = Steady::now();
  for (std::vector<double>& mine : latencies) {
    writers.emplace_back([&] {
      while (!stop) {
        auto made = make(next.fetch_add(1));
        const Steady::time_point begin = Steady::now();
        write(std::move(made));
        mine.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begin).count());
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(settings.seconds));
  stop = true;
  for (std::thread& writer : writers) writer.join();
  const double elapsed = std::chrono::duration<double>(Steady::now() - start).count();
  std::vector<double> all;
  for (const std::vector<double>& mine : latencies) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return {all.size(), static_cast<double>(all.size()) / elapsed, Percentile(all, 0.5),
          Percentile(all, 0.99)};
}

struct BenchOption {
  std::string_view name;                        // "--rounds"
  std::function<void(const char* value)> take;  // null: the option has no value and calls `flag`
  std::function<void()> flag = {};
};

// Gives every word of the command line to its option, and what is no option to `folder`, where
// there may be one. False when a word was not understood, which was said on standard error.
inline bool ReadOptions(int argc, char** argv, std::initializer_list<BenchOption> options,
                        std::string* folder) {
  const auto usage = [&] {
    std::fprintf(stderr, "usage: %s", argv[0]);
    for (const BenchOption& option : options) {
      std::fprintf(stderr, " [%s%s]", std::string(option.name).c_str(), option.take ? " N" : "");
    }
    std::fprintf(stderr, folder == nullptr ? "\n" : " [FOLDER]\n");
    return false;
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const BenchOption& each) { return each.name == word; });
    if (option == options.end()) {
      if (folder == nullptr || word.starts_with("--")) return usage();
      *folder = word;
    } else if (!option->take) {
      option->flag();
    } else if (++i < argc) {
      option->take(argv[i]);
    } else {
      return usage();
    }
  }
  return true;
}

inline int AtLeastOne(const char* text) { return std::max(1, std::atoi(text)); }

// --check --seconds N --rounds N --writers N: one short round, no figure of which means anything.
inline bool ReadWriterSettings(int argc, char** argv, WriterSettings& settings,
                               std::string* folder) {
  return ReadOptions(
      argc, argv,
      {{"--check", nullptr, [&] { settings = {0.1, 1, 4}; }},
       {"--seconds", [&](const char* value) { settings.seconds = std::atof(value); }},
       {"--rounds", [&](const char* value) { settings.rounds = AtLeastOne(value); }},
       {"--writers", [&](const char* value) { settings.writers = AtLeastOne(value); }}},
      folder);
}

}  // namespace kstati
