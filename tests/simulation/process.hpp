#pragma once
// One process of a simulated world. Internal to World.
#include <deque>
#include <memory>
#include <vector>

#include "tests/simulation/world.hpp"

namespace troupe::simulation {

/// A disk, as far as the protocol is concerned.
class Notes final : public cluster::Memory {
 public:
  std::vector<cluster::Kept> recall(Time) override { return notes_; }
  bool keep(const cluster::Kept& kept) override { return notes_.push_back(kept), true; }
  bool replace(const cluster::Kept& image) override { return notes_ = {image}, true; }

 private:
  std::vector<cluster::Kept> notes_;
};

struct World::Process {
  int index = 0;
  bool up = true;
  Time paused_until{};
  std::uint64_t life = 0;  ///< incarnation
  double rate = 1;
  Duration offset{};
  std::unique_ptr<cluster::Node> node;
  std::shared_ptr<Notes> notes;                            ///< null: nothing is written down
  std::vector<std::shared_ptr<cluster::Permits>> permits;  ///< by limit
  std::vector<std::shared_ptr<cluster::Floor>> floors;     ///< by limit; null: none
  std::vector<std::deque<std::shared_ptr<Call>>> waiting;  ///< by key
};

}  // namespace troupe::simulation
