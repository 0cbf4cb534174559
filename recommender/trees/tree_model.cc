// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "recommender/trees/forest.h"

namespace kstati::recommender::trees {
namespace {

using nlohmann::json;

tl::unexpected<Error> FailCorrupt(std::string message) {
  return Fail(ErrorCode::kCorrupt, std::move(message), "model",
              "train again, or restore the model folder from a copy");
}

tl::unexpected<Error> FailUnsupported(std::string message) {
  return Fail(ErrorCode::kUnsupported, std::move(message), "model",
              "train a model with this version of kstati");
}

// Looks through foreign bytes before anything is built from them: no container may be nested deeper
// than any model's, and all of them together must not announce more values than there are bytes (a
// null in an array of nulls takes none, any other value at least one).
class Limits final : public nlohmann::json_sax<json> {
 public:
  explicit Limits(size_t bytes) : values_left_(bytes) {}

  bool null() override { return Count(); }
  bool boolean(bool) override { return Count(); }
  bool number_integer(number_integer_t) override { return Count(); }
  bool number_unsigned(number_unsigned_t) override { return Count(); }
  bool number_float(number_float_t, const string_t&) override { return Count(); }
  bool string(string_t&) override { return Count(); }
  bool binary(binary_t&) override { return Count(); }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t parts) override { return Enter(parts); }
  bool start_array(std::size_t parts) override { return Enter(parts); }
  bool end_object() override { return Leave(); }
  bool end_array() override { return Leave(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override {
    return false;
  }

 private:
  static constexpr size_t kNestingMax = 32;
  static constexpr size_t kUnknown = static_cast<size_t>(-1);

  bool Count() {
    if (values_left_ == 0) return false;
    --values_left_;
    return true;
  }
  bool Enter(size_t parts) {
    return Count() && ++nesting_ <= kNestingMax && (parts == kUnknown || parts <= values_left_);
  }
  bool Leave() {
    --nesting_;
    return true;
  }

  size_t values_left_;
  size_t nesting_ = 0;
};

// Null where any step is missing.
const json* Find(const json& from, std::initializer_list<const char*> path) {
  const json* at = &from;
  for (const char* step : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(step);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string TextOf(const json& from, std::initializer_list<const char*> path) {
  const json* found = Find(from, path);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

// The array under `name`, as long as `size`, of what `is_one` takes; null otherwise.
const json* ArrayOf(const json& tree, const char* name, size_t size, bool (*is_one)(const json&)) {
  const json* found = Find(tree, {name});
  if (found == nullptr || !found->is_array() || found->size() != size) return nullptr;
  return std::all_of(found->begin(), found->end(), is_one) ? found : nullptr;
}

bool IsWhole(const json& number) {
  if (number.is_number_unsigned()) {
    return number.get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  }
  return number.is_number_integer() || number.is_boolean();
}

// Whether a float can hold it; infinite ones are, a NaN is not.
bool IsFloat(const json& number) {
  if (!number.is_number()) return false;
  const double value = number.get<double>();
  return std::isinf(value) || std::abs(value) <= double{std::numeric_limits<float>::max()};
}

int64_t WholeOf(const json& number) {
  return number.is_boolean() ? (number.get<bool>() ? 1 : 0) : number.get<int64_t>();
}

// Every node that the root reaches is reached once, and none is too deep.
Result<void> CheckShape(const std::vector<TreeNode>& tree) {
  std::vector<bool> is_reached(tree.size());
  std::vector<std::pair<int32_t, int>> waiting{{0, 0}};
  while (!waiting.empty()) {
    const auto [node, depth] = waiting.back();
    waiting.pop_back();
    if (is_reached[static_cast<size_t>(node)]) return FailCorrupt("a node is reached twice");
    is_reached[static_cast<size_t>(node)] = true;
    if (depth > kTreeDepthMax) return FailUnsupported("a tree is too deep");
    const TreeNode& split = tree[static_cast<size_t>(node)];
    if (split.left < 0) continue;
    waiting.push_back({split.left, depth + 1});
    waiting.push_back({split.right, depth + 1});
  }
  return {};
}

Result<std::vector<TreeNode>> ReadTree(const json& tree, size_t columns) {
  const json* lefts = Find(tree, {"left_children"});
  const size_t size = lefts != nullptr && lefts->is_array() ? lefts->size() : 0;
  lefts = ArrayOf(tree, "left_children", size, IsWhole);
  const json* rights = ArrayOf(tree, "right_children", size, IsWhole);
  const json* features = ArrayOf(tree, "split_indices", size, IsWhole);
  const json* values = ArrayOf(tree, "split_conditions", size, IsFloat);
  const json* missing = ArrayOf(tree, "default_left", size, IsWhole);
  const json* types = ArrayOf(tree, "split_type", size, IsWhole);
  if (size == 0 || lefts == nullptr || rights == nullptr || features == nullptr ||
      values == nullptr || missing == nullptr || types == nullptr) {
    return FailCorrupt("a tree has no nodes, or a part of it is missing or no numbers of its kind");
  }
  const json* covers = ArrayOf(tree, "sum_hessian", size, IsFloat);
  std::vector<TreeNode> nodes(size);
  const auto in_tree = [size](int64_t node) {
    return node > 0 && node < static_cast<int64_t>(size);
  };
  for (size_t i = 0; i < size; ++i) {
    const int64_t left = WholeOf((*lefts)[i]);
    const int64_t right = WholeOf((*rights)[i]);
    const int64_t feature = WholeOf((*features)[i]);
    if (WholeOf((*types)[i]) != 0) return FailUnsupported("a split is by category");
    const bool is_leaf = left == -1 && right == -1;
    if (!is_leaf && !(in_tree(left) && in_tree(right))) return FailCorrupt("a child is outside");
    if (!is_leaf && (feature < 0 || feature >= static_cast<int64_t>(columns))) {
      return FailCorrupt("a split reads a column that is not there");
    }
    nodes[i] = {static_cast<int32_t>(left),
                static_cast<int32_t>(right),
                is_leaf ? 0 : static_cast<uint32_t>(feature),
                (*values)[i].get<float>(),
                WholeOf((*missing)[i]) != 0,
                covers == nullptr ? 0 : (*covers)[i].get<float>()};
  }
  KSTATI_TRY_VOID(CheckShape(nodes));
  return nodes;
}

// The base score is kept as what the objective gives, so for a probability its log odds count.
Result<float> BaseMarginOf(const json& learner, bool& is_logistic, bool& is_ranking) {
  const std::string objective = TextOf(learner, {"objective", "name"});
  is_logistic = objective == "binary:logistic" || objective == "reg:logistic" ||
                objective == "binary:logitraw";
  is_ranking = objective.starts_with("rank:");
  if (!is_logistic && objective != "reg:squarederror" && !is_ranking) {
    return FailUnsupported("its objective is not one of ours");
  }
  const std::string text = TextOf(learner, {"learner_model_param", "base_score"});
  char* end = nullptr;
  const float score = std::strtof(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(score)) {
    return FailCorrupt("the base score is no number");
  }
  if (!is_logistic) return score;
  if (!(score > 0 && score < 1)) return FailCorrupt("the base score is no probability");
  return -std::log(1.0f / score - 1.0f);  // in float, as the library does
}

Result<size_t> ColumnsOf(const json& learner) {
  const std::string columns = TextOf(learner, {"learner_model_param", "num_feature"});
  const std::string classes = TextOf(learner, {"learner_model_param", "num_class"});
  const std::string targets = TextOf(learner, {"learner_model_param", "num_target"});
  if (classes != "0" && classes != "1") return FailUnsupported("it has several classes");
  if (!targets.empty() && targets != "1") return FailUnsupported("it has several targets");
  char* end = nullptr;
  const unsigned long long count = std::strtoull(columns.c_str(), &end, 10);
  if (columns.empty() || *end != '\0' || count == 0) return FailCorrupt("it counts no columns");
  if (count > kTreeColumnsMax) return FailUnsupported("it has too many columns");
  return static_cast<size_t>(count);
}

}  // namespace

Result<TreeModel> ReadTreeModel(std::string_view ubjson) {
  Limits limits(ubjson.size());
  if (!json::sax_parse(ubjson, &limits, json::input_format_t::ubjson)) {
    return FailCorrupt("the bytes are no model of trees");
  }
  const json model = json::from_ubjson(ubjson, true, false);
  const json* learner = Find(model, {"learner"});
  if (learner == nullptr) return FailCorrupt("the bytes are no model of trees");
  if (TextOf(*learner, {"gradient_booster", "name"}) != "gbtree") {
    return FailUnsupported("the booster is not gbtree");
  }
  const json* trees = Find(*learner, {"gradient_booster", "model", "trees"});
  if (trees == nullptr || !trees->is_array()) return FailCorrupt("there are no trees");
  TreeModel read;
  KSTATI_TRY(read.columns, ColumnsOf(*learner));
  KSTATI_TRY(read.base_margin, BaseMarginOf(*learner, read.is_logistic, read.is_ranking));
  for (const json& tree : *trees) {
    KSTATI_TRY(auto nodes, ReadTree(tree, read.columns));
    read.trees.push_back(std::move(nodes));
  }
  return read;
}

}  // namespace kstati::recommender::trees
