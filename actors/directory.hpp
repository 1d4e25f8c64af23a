#pragma once
// Who is on stage: CAF 0.17 can neither list actors nor look into them, so every traced actor signs in here.
// Internal to actors/.
#include <caf/actor_control_block.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::actors {

/// What an actor is, as operators see it; `parent` is the name of who restarts it.
struct Role {
  std::string type, name, parent;
  std::uint64_t restarts = 0;
};

/// Thread-safe; locked when actors come and go and when somebody looks, never for a request.
class Directory {
 public:
  struct Entry {
    std::uint64_t id = 0;
    Role role;
    caf::strong_actor_ptr actor;
  };

  void sign_in(caf::abstract_actor& actor, Role role);
  void sign_out(std::uint64_t id);

  /// Everybody alive: parents before their children, then by type and name.
  std::vector<Entry> everybody() const;
  /// The living actor of that type and name; nullptr when there is none.
  caf::strong_actor_ptr find(const std::string& type, const std::string& name) const;

 private:
  struct Seat {
    Role role;
    caf::weak_actor_ptr actor;
  };
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Seat> seats_;
};

}  // namespace troupe::actors
