// What goes wrong in a world, and when.
#include <algorithm>
#include <cmath>

#include "tests/simulation/world.hpp"

namespace troupe::simulation {
namespace {

using What = Fault::What;

template <class T, std::size_t N>
T one_of(Random& random, const T (&values)[N]) {
  return values[random.below(N)];
}

constexpr double kSpans[] = {0.3, 1, 3, 8, 12, 30, 80};

class Schedule {
 public:
  Schedule(std::uint64_t seed, int nodes, int voters, int only)
      : random_(seed * 65537 + 11), nodes_(nodes), voters_(std::min(voters, nodes)), only_(only) {}

  std::vector<Fault> make(Duration span, double every) {
    double t = 8;
    for (;;) {
      t += -std::log(1 - random_.unit()) * every;
      if (t > in_seconds(span) - 5) break;
      one(t);
    }
    return std::move(faults_);
  }

 private:
  int any() { return static_cast<int>(random_.below(static_cast<std::uint64_t>(nodes_))); }
  int voter() { return static_cast<int>(random_.below(static_cast<std::uint64_t>(voters_))); }
  Fault& add(What what, double t, double lasts) {
    faults_.push_back({});
    faults_.back().what = what;
    faults_.back().at = Time(seconds(t));
    faults_.back().lasts = seconds(lasts);
    return faults_.back();
  }
  void kill(double t, int node, double lasts) { add(What::kill, t, lasts).node = node; }

  void one(double t) {
    const double lasts = one_of(random_, kSpans);
    switch (only_ >= 0 ? only_ : static_cast<int>(random_.below(kFaultKinds))) {
      case 0:
      case 1:
        return kill(t, any(), lasts);
      case 2:
        return kill(t, kAllocator, one_of(random_, {0.05, 1.0, 5.0, 20.0}));
      case 3:
        return kill(t, any(), one_of(random_, {0.05, 2.0}));
      case 4:
        add(What::pause, t, one_of(random_, {0.5, 2.0, 5.0, 11.0, 25.0})).node = any();
        return;
      case 5:
        add(What::pause, t, one_of(random_, {0.5, 1.9, 2.1, 5.0, 15.0})).node = kAllocator;
        return;
      case 6:
        return split(t, lasts, 2 + static_cast<int>(random_.below(3) == 0));
      case 7:
        add(What::split, t, lasts);
        return;
      case 8: {
        auto& fault = add(What::split, t, lasts);
        for (int i = 0; i < nodes_; ++i) fault.groups.push_back(i < voters_ ? 0 : 1);
        return;
      }
      case 9: {
        const auto node = any();
        add(What::cut, t, lasts).links = {random_.below(2) ? std::pair{node, kEverybody}
                                                           : std::pair{kEverybody, node}};
        return;
      }
      case 10:
        add(What::cut, t, lasts).links = {random_.below(2) ? std::pair{kAllocator, kEverybody}
                                                           : std::pair{kEverybody, kAllocator}};
        return;
      case 11:
        return slow(t, lasts);
      case 12:
        return voters_apart(t, lasts);
      case 13:
        add(What::loss, t, lasts).value = one_of(random_, {0.1, 0.3, 0.6});
        return;
      case 14:
        for (int i = 0; i < voters_; ++i)
          kill(t + 0.01 * random_.unit(), i, one_of(random_, {0.05, 1.0, 4.0}));
        return;
      default:
        if (random_.unit() < 0.3)
          for (int i = 0; i < nodes_; ++i)
            kill(t + 0.5 * random_.unit(), i, one_of(random_, {0.05, 1.0, 4.0}));
    }
  }
  void split(double t, double lasts, int parts) {
    auto& fault = add(What::split, t, lasts);
    for (int i = 0; i < nodes_; ++i)
      fault.groups.push_back(static_cast<int>(random_.below(static_cast<std::uint64_t>(parts))));
  }
  void slow(double t, double lasts) {
    auto& fault = add(What::slow, t, std::min(lasts, 12.0));
    fault.links = {{kAllocator, kEverybody}};
    fault.value = one_of(random_, {0.5, 3.0, 8.0});
    if (random_.unit() < 0.5)
      add(What::cut, t + 1 + 5 * random_.unit(), lasts).links = {{kEverybody, kAllocator}};
  }
  /// Two voters cannot see each other, the others are divided between them.
  void voters_apart(double t, double lasts) {
    if (voters_ < 3) return;
    const auto one = voter(),
               other = (one + 1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(voters_ - 1)))) %
                       voters_;
    auto& fault = add(What::cut, t, lasts);
    fault.links = {{one, other}, {other, one}};
    for (int node = voters_; node < nodes_; ++node) {
      const auto hidden = random_.below(2) ? one : other;
      fault.links.push_back({hidden, node});
      fault.links.push_back({node, hidden});
    }
    if (random_.unit() < 0.7) kill(t + 2 + 6 * random_.unit(), voter(), 0.05);
  }

  Random random_;
  int nodes_, voters_, only_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> random_faults(std::uint64_t seed, int nodes, int voters, Duration span, double every,
                                 int only) {
  return Schedule(seed, nodes, voters, only).make(span, every);
}

}  // namespace troupe::simulation
