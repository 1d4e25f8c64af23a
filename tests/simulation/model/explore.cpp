#include "tests/simulation/model/explore.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace troupe::simulation::model {
namespace {

struct Hash {
  std::uint64_t low = 0, high = 0;
  bool operator==(const Hash&) const = default;
};

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0xd6e8feb86659fd93ULL;
  value ^= value >> 29;
  value *= 0x9fb21c651e98df25ULL;
  return value ^ value >> 32;
}

Hash hash_of(const State& state) {
  static_assert(std::has_unique_object_representations_v<State>);
  Hash out{0x9e3779b97f4a7c15ULL, 0xc2b2ae3d27d4eb4fULL};
  const auto* bytes = reinterpret_cast<const unsigned char*>(&state);
  for (std::size_t at = 0; at < sizeof(State); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, std::min<std::size_t>(8, sizeof(State) - at));
    out.low = mixed(out.low ^ word) + at;
    out.high = mixed(out.high + word * 0x2545f4914f6cdd1dULL) ^ at;
  }
  if (out == Hash{}) out.low = 1;
  return out;
}

/// Open addressing; grows by doubling.
class Seen {
 public:
  bool add(const Hash& hash) {
    if (count_ * 3 >= slots_.size() * 2) grow();
    if (!place(slots_, hash)) return false;
    ++count_;
    return true;
  }

 private:
  static bool place(std::vector<Hash>& slots, const Hash& hash) {
    for (auto at = hash.low & (slots.size() - 1);; at = (at + 1) & (slots.size() - 1)) {
      if (slots[at] == hash) return false;
      if (slots[at] != Hash{}) continue;
      slots[at] = hash;
      return true;
    }
  }
  void grow() {
    std::vector<Hash> larger(slots_.size() * 2);
    for (const auto& hash : slots_)
      if (hash != Hash{}) place(larger, hash);
    slots_.swap(larger);
  }
  std::vector<Hash> slots_ = std::vector<Hash>(1 << 16);
  std::size_t count_ = 0;
};

struct Origin {
  std::uint32_t parent = 0;
  std::uint16_t step = 0;  ///< which of the parent's
};

std::string broken(const State& state, const Bounds& bounds) {
  if (out(state, bounds) > bounds.permits) return "a permit is in two places";
  if (const int missing = imbalance(state, bounds)) return "the account misses " + std::to_string(missing);
  return {};
}

std::string text(const Step& step) {
  std::string out = step.what;
  if (step.who >= 0) out += " " + std::to_string(step.who);
  if (step.whom >= 0) out += ", " + std::to_string(step.whom);
  return out;
}

std::vector<std::string> way_to(std::uint32_t at, const std::vector<Origin>& origins, const Bounds& bounds,
                                const Rules& rules, bool symmetric) {
  std::vector<std::uint16_t> steps;
  for (; at != 0; at = origins[at].parent) steps.push_back(origins[at].step);
  std::reverse(steps.begin(), steps.end());
  std::vector<std::string> out;
  State state = first(bounds);
  for (const auto wanted : steps) {
    std::uint16_t count = 0;
    State chosen = state;
    next(state, bounds, rules, [&](const State& then, const Step& step) {
      if (count++ != wanted) return;
      chosen = symmetric ? canonical(then, bounds) : then;
      out.push_back(text(step));
    });
    state = chosen;
  }
  return out;
}

}  // namespace

Found explore(const Bounds& bounds, const Rules& rules, std::uint64_t most, bool symmetric) {
  Found found;
  Seen seen;
  std::vector<Origin> origins(1);
  std::vector<std::pair<State, std::uint32_t>> now{{first(bounds), 0}}, then;
  seen.add(hash_of(now.front().first));
  for (; !now.empty() && origins.size() < most; ++found.depth) {
    then.clear();
    for (const auto& [state, number] : now) {
      std::uint16_t step = 0;
      next(state, bounds, rules, [&](const State& after, const Step&) {
        ++found.steps;
        const auto which = step++;
        if (!found.broken.empty()) return;
        const auto to = symmetric ? canonical(after, bounds) : after;
        if (!seen.add(hash_of(to))) return;
        origins.push_back({number, which});
        found.broken = broken(to, bounds);
        then.emplace_back(to, static_cast<std::uint32_t>(origins.size() - 1));
      });
      if (!found.broken.empty()) {
        found.states = origins.size();
        found.trace = way_to(then.back().second, origins, bounds, rules, symmetric);
        return found;
      }
    }
    now.swap(then);
  }
  found.states = origins.size();
  found.whole = now.empty();
  return found;
}

}  // namespace troupe::simulation::model
