#include "actors/directory.hpp"

#include <algorithm>
#include <caf/abstract_actor.hpp>
#include <tuple>
#include <utility>

namespace troupe::actors {

void Directory::sign_in(caf::abstract_actor& actor, Role role) {
  std::lock_guard hold(mutex_);
  seats_[actor.id()] = {std::move(role), caf::weak_actor_ptr(actor.ctrl())};
}

void Directory::sign_out(std::uint64_t id) {
  std::lock_guard hold(mutex_);
  seats_.erase(id);
}

std::vector<Directory::Entry> Directory::everybody() const {
  std::vector<Entry> all;
  {
    std::lock_guard hold(mutex_);
    for (const auto& [id, seat] : seats_) {
      if (auto actor = seat.actor.lock()) all.push_back({id, seat.role, std::move(actor)});
    }
  }
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.role.parent, a.role.type, a.role.name, a.id) <
           std::tie(b.role.parent, b.role.type, b.role.name, b.id);
  });
  return all;
}

caf::strong_actor_ptr Directory::find(const std::string& type, const std::string& name) const {
  std::lock_guard hold(mutex_);
  for (const auto& [id, seat] : seats_) {
    if (seat.role.type == type && seat.role.name == name) {
      if (auto actor = seat.actor.lock()) return actor;
    }
  }
  return nullptr;
}

}  // namespace troupe::actors
