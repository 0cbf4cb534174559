// SPDX-License-Identifier: Apache-2.0
#include "graph/picture/gallery.h"

#include <algorithm>

namespace kstati::graph::picture {
namespace {

int64_t CountOf(const Picture& picture, NodeKind kind) {
  return std::ranges::count(picture.nodes, kind, &Node::kind);
}

}  // namespace

Result<std::shared_ptr<const DrawnPicture>> Gallery::Show(const ServiceGraph& graph,
                                                          const View& view) const {
  const Key key{graph.catalogue().version(), graph.date(), view};
  {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(key);
    if (kept != kept_.end()) return kept->second;
  }
  KSTATI_TRY(Picture picture, Compose(graph, view));
  picture.description = messages_.Format(view.language, "picture.description",
                                         {{"services", CountOf(picture, NodeKind::kService)},
                                          {"documents", CountOf(picture, NodeKind::kDocument)}});
  if (picture.left_out > 0) {
    const auto left_out = static_cast<int64_t>(picture.left_out);
    picture.description +=
        " " + messages_.Format(view.language, "picture.left_out", {{"services", left_out}});
  }
  auto drawn = std::make_shared<const DrawnPicture>(Draw(std::move(picture)));
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kKeptMax) kept_.clear();
  kept_.emplace(key, drawn);
  return drawn;
}

Result<Picture> Gallery::Compose(const ServiceGraph& graph, const View& view) const {
  const Naming naming{view.language,
                      [&](const AttributeId& id) { return attribute_name_(id, view.language); }};
  if (!view.situation.empty()) {
    const Situation* situation = graph.catalogue().FindSituation(view.situation);
    if (situation != nullptr) return PictureOf(graph, *situation, naming);
    return Fail(ErrorCode::kNotFound, "there is no such life situation", view.situation.text(),
                "the catalogue's folder situations has their ids");
  }
  if (view.hops < 0 || view.hops > kHopsMax) {
    return Fail(ErrorCode::kInvalidArgument, "a neighbourhood of that size is not drawn", "hops",
                "ask for 0 to " + std::to_string(kHopsMax) + " hops");
  }
  std::optional<Picture> picture = NeighbourhoodOf(graph, view.service, view.hops, naming);
  if (picture) return *std::move(picture);
  return Fail(ErrorCode::kNotFound, "no such service is in force", view.service.text(),
              "the catalogue's folder services has their ids");
}

DrawnTimeline Gallery::Show(std::string title, std::vector<TimelineStep> steps,
                            Language language) const {
  Timeline timeline;
  timeline.title = std::move(title);
  timeline.description =
      messages_.Format(language, "picture.timeline", {{"steps", std::ssize(steps)}});
  timeline.steps = std::move(steps);
  return Draw(std::move(timeline));
}

Words Gallery::WordsIn(Language language) const {
  const auto word = [&](std::string_view key) {
    return messages_.Format(language, "picture." + std::string(key));
  };
  return {std::string(CodeOf(language)),
          word("needs"),
          word("one_of"),
          word("gives"),
          word("marked"),
          word("critical"),
          word("no_end")};
}

}  // namespace kstati::graph::picture
