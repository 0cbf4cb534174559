// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "thrift/server/to_rpc.h"

namespace kstati::thrift {
namespace {

using kstati::cases::UnreachedGoal;
using kstati::cases::WhyUnreached;

rpc::WhyUnreached::type WriteWhy(WhyUnreached why) {
  switch (why) {
    case WhyUnreached::kInTheWay: return rpc::WhyUnreached::IN_THE_WAY;
    case WhyUnreached::kNoService: return rpc::WhyUnreached::NO_SERVICE;
    case WhyUnreached::kBesideOthers: return rpc::WhyUnreached::BESIDE_OTHERS;
    case WhyUnreached::kNoOrder: return rpc::WhyUnreached::NO_ORDER;
    case WhyUnreached::kNotFound: return rpc::WhyUnreached::NOT_FOUND;
  }
  return rpc::WhyUnreached::NOT_FOUND;
}

const char* KeyOfGoal(const UnreachedGoal& goal) {
  switch (goal.why) {
    case WhyUnreached::kNoService: return "chain.obstacles.none";
    case WhyUnreached::kBesideOthers: return "chain.obstacles.beside_others";
    case WhyUnreached::kNoOrder: return "chain.obstacles.no_order";
    case WhyUnreached::kNotFound: return "chain.obstacles.not_found";
    case WhyUnreached::kInTheWay: break;
  }
  if (goal.in_the_way.obstacles.size() == 1) return "chain.obstacles.one";
  return goal.in_the_way.any_is_enough ? "chain.obstacles.any" : "chain.obstacles.all";
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

rpc::ChainObstacle WriteObstacle(const Wording& wording, const graph::Obstacle& obstacle,
                                 const std::vector<GroundId>& grounds) {
  rpc::ChainObstacle written;
  if (!obstacle.out_of_reach.empty()) {
    written.service_id = obstacle.out_of_reach.text();
    written.no_channel = true;
    written.text = wording.Message("chain.obstacle.no_channel",
                                   {{"service", ServiceName(wording, obstacle.out_of_reach)}});
    return written;
  }
  written.service_id = obstacle.refused.text();
  if (obstacle.refused.empty()) {
    written.text = wording.Message("chain.obstacle.missing",
                                   {{"document", AttributeName(wording, obstacle.missing)}});
    return written;
  }
  for (const GroundId& id : grounds) {
    const graph::RefusalGround* ground = wording.catalogue().FindGround(id);
    written.grounds.push_back(ground == nullptr ? id.text() : wording.of(ground->text));
  }
  const std::string service = ServiceName(wording, obstacle.refused);
  written.text =
      written.grounds.empty()
          ? wording.Message("chain.obstacle.refused", {{"service", service}})
          : wording.Message("chain.obstacle.refused_on",
                            {{"service", service}, {"grounds", Joined(written.grounds)}});
  return written;
}

}  // namespace

rpc::ChainObstacles WriteObstacles(const Wording& wording, const UnreachedGoal& goal) {
  const graph::Obstacles& in_the_way = goal.in_the_way;
  rpc::ChainObstacles written;
  written.goal = AttributeName(wording, in_the_way.goal);
  written.any_is_enough = in_the_way.any_is_enough;
  written.proven = in_the_way.proven;
  written.why = WriteWhy(goal.why);
  std::vector<std::string> list;
  for (size_t i = 0; i < in_the_way.obstacles.size(); ++i) {
    written.obstacles.push_back(WriteObstacle(wording, in_the_way.obstacles[i], goal.grounds[i]));
    list.push_back(written.obstacles.back().text);
  }
  written.text =
      wording.Message(KeyOfGoal(goal), {{"goal", written.goal}, {"obstacles", Joined(list)}});
  return written;
}

}  // namespace kstati::thrift
