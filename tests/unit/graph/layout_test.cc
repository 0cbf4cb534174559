// SPDX-License-Identifier: Apache-2.0
// Properties of layouts of random graphs, with circles and without.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>

#include "graph/picture/layered_layout.h"
#include "graph/picture/spread.h"

namespace kstati::graph::picture {
namespace {

int Scaled(int count) {
  const char* const scale = std::getenv("KSTATI_TEST_SCALE");
  return scale == nullptr ? count : count * std::atoi(scale);
}

struct Drawn {
  std::vector<Box> boxes;
  std::vector<LayoutEdge> edges;
};

int Below(std::mt19937& random, int bound) {
  return static_cast<int>(random() % static_cast<uint32_t>(bound));
}

Drawn Random(std::mt19937& random, bool circles) {
  Drawn drawn;
  const int count = 1 + Below(random, 30);
  for (int i = 0; i < count; ++i) {
    drawn.boxes.push_back(
        {"k" + std::to_string(i), 20 + Below(random, 200), 10 + Below(random, 60)});
  }
  for (int i = Below(random, 2 * count); i > 0; --i) {
    auto from = static_cast<uint32_t>(Below(random, count));
    auto to = static_cast<uint32_t>(Below(random, count));
    if (from == to) continue;
    if (!circles && from > to) std::swap(from, to);
    drawn.edges.push_back({from, to});
  }
  return drawn;
}

TEST(Layout, BoxesNeverOverlapAndEdgesLeadForward) {
  std::mt19937 random(5);
  for (int round = 0; round < Scaled(1000); ++round) {
    const bool circles = round % 2 == 0;
    const Drawn drawn = Random(random, circles);
    const Layout layout = LayOut(drawn.boxes, drawn.edges);
    ASSERT_EQ(layout.corners.size(), drawn.boxes.size());
    for (size_t i = 0; i < drawn.boxes.size(); ++i) {
      const Point& one = layout.corners[i];
      ASSERT_GE(one.x, 0);
      ASSERT_GE(one.y, 0);
      ASSERT_LE(one.x + drawn.boxes[i].width, layout.width);
      ASSERT_LE(one.y + drawn.boxes[i].height, layout.height);
      for (size_t k = 0; k < i; ++k) {
        const Point& other = layout.corners[k];
        const bool apart =
            one.x + drawn.boxes[i].width <= other.x || other.x + drawn.boxes[k].width <= one.x ||
            one.y + drawn.boxes[i].height <= other.y || other.y + drawn.boxes[k].height <= one.y;
        ASSERT_TRUE(apart) << "round " << round << ", boxes " << k << " and " << i;
      }
    }
    for (size_t i = 0; i < drawn.edges.size(); ++i) {
      const auto [from, to] = drawn.edges[i];
      ASSERT_EQ(layout.routes[i].backwards, layout.layers[from] > layout.layers[to]);
      ASSERT_NE(layout.layers[from], layout.layers[to]);
      ASSERT_FALSE(layout.routes[i].backwards && !circles);
      ASSERT_EQ(layout.routes[i].points.size() % 2, 1U);
    }
  }
}

TEST(Layout, TheOrderOfBoxesAndEdgesDoesNotMatter) {
  std::mt19937 random(7);
  for (int round = 0; round < Scaled(200); ++round) {
    const Drawn drawn = Random(random, true);
    const Layout layout = LayOut(drawn.boxes, drawn.edges);
    std::vector<uint32_t> place(drawn.boxes.size());
    std::iota(place.begin(), place.end(), 0U);
    std::ranges::shuffle(place, random);
    Drawn shuffled;
    shuffled.boxes.resize(drawn.boxes.size());
    for (size_t i = 0; i < place.size(); ++i) shuffled.boxes[place[i]] = drawn.boxes[i];
    for (const auto& [from, to] : drawn.edges) shuffled.edges.push_back({place[from], place[to]});
    std::ranges::reverse(shuffled.edges);
    const Layout again = LayOut(shuffled.boxes, shuffled.edges);
    for (size_t i = 0; i < place.size(); ++i) {
      ASSERT_EQ(layout.corners[i], again.corners[place[i]]);
    }
    for (size_t i = 0; i < drawn.edges.size(); ++i) {
      ASSERT_EQ(layout.routes[i].points, again.routes[drawn.edges.size() - 1 - i].points);
    }
  }
}

TEST(Layout, ATreeHasNoCrossings) {
  std::mt19937 random(11);
  for (int round = 0; round < Scaled(200); ++round) {
    Drawn drawn;
    for (int i = 0; i < 15; ++i) {
      const std::string key = std::to_string(random());
      drawn.boxes.push_back({key, 40, 20});
      if (i == 0) continue;
      drawn.edges.push_back({static_cast<uint32_t>((i - 1) / 2), static_cast<uint32_t>(i)});
    }
    ASSERT_EQ(LayOut(drawn.boxes, drawn.edges).crossings, 0U);
  }
}

double CostOf(const std::vector<Wish>& wishes, const std::vector<double>& places) {
  double cost = 0;
  for (size_t i = 0; i < wishes.size(); ++i) {
    cost += wishes[i].weight * (places[i] - wishes[i].place) * (places[i] - wishes[i].place);
  }
  return cost;
}

TEST(Spread, KeepsDistancesAndNoShiftOfNeighboursIsBetter) {
  std::mt19937 random(3);
  for (int round = 0; round < Scaled(500); ++round) {
    std::vector<Wish> wishes;
    for (int i = 1 + Below(random, 12); i > 0; --i) {
      wishes.push_back({static_cast<double>(Below(random, 300)), 1.0 + Below(random, 8),
                        static_cast<double>(Below(random, 50))});
    }
    const std::vector<double> places = Spread(wishes);
    for (size_t i = 1; i < places.size(); ++i) {
      ASSERT_GE(places[i] - places[i - 1] + 1e-9, wishes[i].distance);
    }
    // The problem is convex, and moves of stretches span all directions that keep the distances.
    for (size_t first = 0; first < places.size(); ++first) {
      for (size_t last = first; last < places.size(); ++last) {
        for (const double step : {-0.01, 0.01}) {
          std::vector<double> moved = places;
          for (size_t i = first; i <= last; ++i) moved[i] += step;
          const bool low = first > 0 && moved[first] - moved[first - 1] < wishes[first].distance;
          const bool high =
              last + 1 < moved.size() && moved[last + 1] - moved[last] < wishes[last + 1].distance;
          if (low || high) continue;
          ASSERT_GE(CostOf(wishes, moved) + 1e-7, CostOf(wishes, places));
        }
      }
    }
  }
}

}  // namespace
}  // namespace kstati::graph::picture
