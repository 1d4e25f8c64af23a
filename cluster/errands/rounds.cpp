#include "cluster/errands/rounds.hpp"

#include <algorithm>
#include <utility>

namespace troupe::errands {

std::optional<Rounds::Asked> Rounds::ask(const std::vector<std::string>& nodes, const std::string& what,
                                         const std::string& text, Time until) {
  if (rounds_.size() >= kMost) return std::nullopt;
  auto names = nodes;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Asked out;
  out.round = next_++;
  auto& round = rounds_[out.round];
  round.until = until;
  round.missing = names.size();
  for (auto& name : names) {
    const auto id = next_++;
    asked_[id] = {out.round, round.answers.size()};
    out.send.push_back({name, {id, what, text}});
    round.answers.push_back({std::move(name), 0, {}});
  }
  return out;
}

void Rounds::hear(const std::string& from, Told told) {
  const auto found = asked_.find(told.id);
  if (found == asked_.end()) return;
  auto& round = rounds_.at(found->second.first);
  auto& answer = round.answers.at(found->second.second);
  if (answer.node != from || told.status == 0 || told.text.size() > kText) return;
  answer.status = told.status;
  answer.text = std::move(told.text);
  --round.missing;
  asked_.erase(found);
}

std::vector<Ended> Rounds::ended(Time now) {
  std::vector<Ended> out;
  for (auto at = rounds_.begin(); at != rounds_.end();) {
    if (at->second.missing > 0 && now < at->second.until) {
      ++at;
      continue;
    }
    std::erase_if(asked_, [&](const auto& open) { return open.second.first == at->first; });
    out.push_back({at->first, std::move(at->second.answers)});
    at = rounds_.erase(at);
  }
  return out;
}

}  // namespace troupe::errands
