// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/layered_layout.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/check.h"
#include "graph/picture/spread.h"

namespace kstati::graph::picture {
namespace {

constexpr int kLayerGap = 70;  // room for edges to bend
constexpr int kBoxGap = 16;
constexpr int kMargin = 16;
constexpr int kOrderSweeps = 12;
constexpr int kPlaceSweeps = 8;
constexpr double kStraight = 8;  // how much more a long edge wants to be straight than a short one

// A box, or the place where an edge passes a layer.
struct Cell {
  uint32_t layer = 0;
  int width = 0;
  int height = 0;
  bool is_box = true;
  std::vector<uint32_t> before;  // neighbours in the layer before, and in the one after
  std::vector<uint32_t> after;
  double middle = 0;
};

using Link = std::pair<uint32_t, uint32_t>;

// Lays out boxes that are numbered by key, with edges that are each there once.
class Layers {
 public:
  Layers(std::vector<Cell> boxes, const std::set<Link>& links)
      : cells_(std::move(boxes)), box_count_(cells_.size()), links_(links) {
    TurnCircles();
    AssignLayers();
    AddPassages();
    Reorder();
    Place();
  }

  const Cell& cell(uint32_t number) const { return cells_[number]; }
  int left(uint32_t layer) const { return left_[layer]; }
  int right(uint32_t layer) const { return left_[layer] + widths_[layer]; }
  uint64_t crossings() const { return crossings_; }
  size_t layer_count() const { return layers_.size(); }
  bool IsTurned(const Link& link) const { return turned_.contains(link); }
  // The cells of an edge from the earlier layer to the later.
  const std::vector<uint32_t>& PassagesOf(const Link& link) const { return passages_.at(link); }

 private:
  // Edges that lead back to where a walk in order of numbers came from are turned round.
  void TurnCircles() {
    std::vector<std::vector<uint32_t>> next(box_count_);
    for (const auto& [from, to] : links_) next[from].push_back(to);
    std::vector<uint8_t> state(box_count_, 0);  // 1: on the way, 2: done
    for (uint32_t root = 0; root < box_count_; ++root) {
      std::vector<std::pair<uint32_t, size_t>> way;
      if (state[root] == 0) way.emplace_back(root, 0);
      while (!way.empty()) {
        auto& [box, place] = way.back();
        state[box] = 1;
        if (place == next[box].size()) {
          state[box] = 2;
          way.pop_back();
          continue;
        }
        const uint32_t to = next[box][place++];
        if (state[to] == 1) turned_.insert({box, to});
        if (state[to] == 0) way.emplace_back(to, 0);
      }
    }
  }

  Link Forward(const Link& link) const {
    return IsTurned(link) ? Link{link.second, link.first} : link;
  }

  void AssignLayers() {
    std::vector<std::vector<uint32_t>> next(box_count_);
    std::vector<uint32_t> waiting(box_count_, 0);
    for (const Link& link : links_) {
      const auto [from, to] = Forward(link);
      next[from].push_back(to);
      ++waiting[to];
    }
    std::vector<uint32_t> ready;
    for (uint32_t box = 0; box < box_count_; ++box) {
      if (waiting[box] == 0) ready.push_back(box);
    }
    std::vector<uint32_t> sequence;
    while (!ready.empty()) {
      const uint32_t box = ready.back();
      ready.pop_back();
      sequence.push_back(box);
      for (const uint32_t to : next[box]) {
        cells_[to].layer = std::max(cells_[to].layer, cells_[box].layer + 1);
        if (--waiting[to] == 0) ready.push_back(to);
      }
    }
    KSTATI_CHECK(sequence.size() == box_count_);
    PullForward(sequence, next);
  }

  // What nothing leads to stands right before the first box it leads to.
  void PullForward(const std::vector<uint32_t>& sequence,
                   const std::vector<std::vector<uint32_t>>& next) {
    std::vector<uint8_t> is_led_to(box_count_, 0);
    for (const auto& row : next) {
      for (const uint32_t to : row) is_led_to[to] = 1;
    }
    for (const uint32_t box : sequence) {
      if (is_led_to[box] != 0 || next[box].empty()) continue;
      const auto nearest =
          std::ranges::min_element(next[box], {}, [this](uint32_t to) { return cells_[to].layer; });
      cells_[box].layer = cells_[*nearest].layer - 1;
    }
  }

  void AddPassages() {
    for (const Link& link : links_) {
      const auto [from, to] = Forward(link);
      std::vector<uint32_t>& passages = passages_[link];
      passages.push_back(from);
      for (uint32_t layer = cells_[from].layer + 1; layer < cells_[to].layer; ++layer) {
        Cell passage;
        passage.layer = layer;
        passage.is_box = false;
        passages.push_back(static_cast<uint32_t>(cells_.size()));
        cells_.push_back(passage);
      }
      passages.push_back(to);
      for (size_t i = 1; i < passages.size(); ++i) {
        cells_[passages[i - 1]].after.push_back(passages[i]);
        cells_[passages[i]].before.push_back(passages[i - 1]);
      }
    }
    for (uint32_t cell = 0; cell < cells_.size(); ++cell) {
      if (cells_[cell].layer >= layers_.size()) layers_.resize(cells_[cell].layer + 1);
      layers_[cells_[cell].layer].push_back(cell);
    }
  }

  // Sweeps forwards and backwards; the order with the fewest crossings stays.
  void Reorder() {
    position_.resize(cells_.size());
    for (const auto& layer : layers_) Number(layer);
    auto best = layers_;
    crossings_ = CountCrossings();
    for (int sweep = 0; sweep < kOrderSweeps && crossings_ > 0; ++sweep) {
      const bool forwards = sweep % 2 == 0;
      for (size_t i = 1; i < layers_.size(); ++i) {
        SortLayer(forwards ? i : layers_.size() - 1 - i, forwards);
      }
      const uint64_t crossings = CountCrossings();
      if (crossings >= crossings_) continue;
      crossings_ = crossings;
      best = layers_;
    }
    layers_ = std::move(best);
    for (const auto& layer : layers_) Number(layer);
  }

  void Number(const std::vector<uint32_t>& layer) {
    for (size_t i = 0; i < layer.size(); ++i) position_[layer[i]] = static_cast<double>(i);
  }

  void SortLayer(size_t layer, bool forwards) {
    std::vector<std::pair<double, uint32_t>> keyed;
    for (const uint32_t cell : layers_[layer]) {
      const auto& neighbours = forwards ? cells_[cell].before : cells_[cell].after;
      double sum = 0;
      for (const uint32_t neighbour : neighbours) sum += position_[neighbour];
      const double mean =
          neighbours.empty() ? position_[cell] : sum / static_cast<double>(neighbours.size());
      keyed.emplace_back(mean, cell);
    }
    std::ranges::stable_sort(keyed, {}, &std::pair<double, uint32_t>::first);
    for (size_t i = 0; i < keyed.size(); ++i) layers_[layer][i] = keyed[i].second;
    Number(layers_[layer]);
  }

  uint64_t CountCrossings() const {
    uint64_t crossings = 0;
    for (size_t layer = 0; layer + 1 < layers_.size(); ++layer) {
      std::vector<std::pair<double, double>> edges;
      for (const uint32_t cell : layers_[layer]) {
        for (const uint32_t to : cells_[cell].after) {
          edges.emplace_back(position_[cell], position_[to]);
        }
      }
      for (size_t i = 0; i < edges.size(); ++i) {
        for (size_t k = 0; k < i; ++k) {
          const double starts = edges[i].first - edges[k].first;
          const double ends = edges[i].second - edges[k].second;
          if (starts * ends < 0) ++crossings;
        }
      }
    }
    return crossings;
  }

  void Place() {
    for (const auto& layer : layers_) {
      int width = 0;
      double y = 0;
      for (const uint32_t cell : layer) {
        width = std::max(width, cells_[cell].width);
        cells_[cell].middle = y + cells_[cell].height / 2.0;
        y += cells_[cell].height + kBoxGap;
      }
      left_.push_back(left_.empty() ? kMargin : left_.back() + widths_.back() + kLayerGap);
      widths_.push_back(width);
    }
    for (int sweep = 0; sweep < kPlaceSweeps; ++sweep) {
      const bool forwards = sweep % 2 == 0;
      for (size_t i = 0; i < layers_.size(); ++i) {
        Align(layers_[forwards ? i : layers_.size() - 1 - i]);
      }
    }
    double top = 0;
    for (const Cell& cell : cells_) top = std::min(top, cell.middle - cell.height / 2.0);
    for (Cell& cell : cells_) cell.middle += kMargin - top;
  }

  // Moves the cells of a layer towards their neighbours, as far as they leave each other room.
  void Align(const std::vector<uint32_t>& layer) {
    std::vector<Wish> wishes;
    for (size_t i = 0; i < layer.size(); ++i) {
      const Cell& cell = cells_[layer[i]];
      double sum = 0;
      double weight = 0;
      for (const auto* neighbours : {&cell.before, &cell.after}) {
        for (const uint32_t neighbour : *neighbours) {
          const double pull = !cell.is_box && !cells_[neighbour].is_box ? kStraight : 1;
          sum += pull * cells_[neighbour].middle;
          weight += pull;
        }
      }
      Wish wish{weight > 0 ? sum / weight : cell.middle, std::max(weight, 0.1), 0};
      if (i > 0) {
        wish.distance = (cells_[layer[i - 1]].height + cell.height) / 2.0 + kBoxGap;
      }
      wishes.push_back(wish);
    }
    const std::vector<double> places = Spread(wishes);
    for (size_t i = 0; i < layer.size(); ++i) cells_[layer[i]].middle = places[i];
  }

  std::vector<Cell> cells_;  // boxes first
  const size_t box_count_;
  const std::set<Link>& links_;
  std::set<Link> turned_;
  std::map<Link, std::vector<uint32_t>> passages_;
  std::vector<std::vector<uint32_t>> layers_;
  std::vector<double> position_;
  std::vector<int> left_;    // by layer
  std::vector<int> widths_;  // by layer
  uint64_t crossings_ = 0;
};

int Rounded(double value) { return static_cast<int>(std::lround(value)); }

Route RouteOf(const Layers& layers, const Link& link) {
  const std::vector<uint32_t>& passages = layers.PassagesOf(link);
  Route route;
  route.backwards = layers.IsTurned(link);
  for (size_t i = 0; i < passages.size(); ++i) {
    const Cell& cell = layers.cell(passages[i]);
    const int y = Rounded(cell.middle);
    const int left = layers.left(cell.layer);
    if (i > 0) route.points.push_back({left, y});
    if (i == 0) route.points.push_back({left + cell.width, y});
    if (i + 1 < passages.size()) route.points.push_back({layers.right(cell.layer), y});
  }
  if (route.backwards) std::ranges::reverse(route.points);
  return route;
}

}  // namespace

Layout LayOut(const std::vector<Box>& boxes, const std::vector<LayoutEdge>& edges) {
  std::vector<uint32_t> by_key(boxes.size());
  std::iota(by_key.begin(), by_key.end(), 0U);
  std::ranges::sort(by_key, {}, [&](uint32_t box) { return boxes[box].key; });
  std::vector<uint32_t> number_of(boxes.size());
  std::vector<Cell> cells;
  for (const uint32_t box : by_key) {
    number_of[box] = static_cast<uint32_t>(cells.size());
    Cell cell;
    cell.width = boxes[box].width;
    cell.height = boxes[box].height;
    cells.push_back(cell);
  }
  std::set<Link> links;
  for (const LayoutEdge& edge : edges) {
    KSTATI_CHECK(edge.from != edge.to);
    links.insert({number_of[edge.from], number_of[edge.to]});
  }
  const Layers layers(std::move(cells), links);
  Layout layout;
  layout.crossings = layers.crossings();
  for (const uint32_t number : number_of) {
    const Cell& cell = layers.cell(number);
    const Point corner{layers.left(cell.layer), Rounded(cell.middle - cell.height / 2.0)};
    layout.corners.push_back(corner);
    layout.layers.push_back(cell.layer);
    layout.width = std::max(layout.width, corner.x + cell.width + kMargin);
    layout.height = std::max(layout.height, corner.y + cell.height + kMargin);
  }
  for (const LayoutEdge& edge : edges) {
    layout.routes.push_back(RouteOf(layers, {number_of[edge.from], number_of[edge.to]}));
    for (const Point& point : layout.routes.back().points) {
      layout.height = std::max(layout.height, point.y + kMargin);
    }
  }
  return layout;
}

}  // namespace kstati::graph::picture
