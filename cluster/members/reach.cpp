#include "cluster/members/reach.hpp"

namespace troupe::members {

void Reach::connected(const std::string& name) {
  linked_.insert(name);
  lost_.erase(name);
}

void Reach::disconnected(const std::string& name, Time now) {
  if (linked_.erase(name) > 0) lost_.insert_or_assign(name, Lost{now, now});
}

void Reach::watch(const std::string& name, Time now) {
  if (!linked_.contains(name)) lost_.try_emplace(name, Lost{now, now});
}

void Reach::vouched(const std::string& name, Time now) {
  const auto found = lost_.find(name);
  if (found != lost_.end()) found->second.evidence = now;
}

void Reach::excuse(Time now) {
  for (auto& [name, lost] : lost_) lost = {now, now};
}

bool Reach::silent(std::string_view name, Duration span, Time now) const {
  const auto found = lost_.find(name);
  return found != lost_.end() && now - found->second.evidence >= span;
}

std::vector<std::string> Reach::questions(Duration pause, Time now) {
  std::vector<std::string> names;
  for (auto& [name, lost] : lost_) {
    if (now < lost.ask_at) continue;
    lost.ask_at = now + pause;
    names.push_back(name);
  }
  return names;
}

}  // namespace troupe::members
