#pragma once
// What is still to be told, and how often: each item a number of times that grows with the logarithm of the
// cluster (Demers et al. 1987, as memberlist does it).
#include <algorithm>
#include <bit>
#include <cstddef>
#include <map>
#include <vector>

namespace troupe::members {

/// Ids with a count of tellings left; the ones told least go first. A value.
template <class Id>
class News {
 public:
  /// A change of `id` is told from the start, also when the last one was under way.
  void tell(const Id& id, std::size_t members) { left_[id] = tellings(members); }
  void drop(const Id& id) { left_.erase(id); }
  bool empty() const { return left_.empty(); }
  std::size_t size() const { return left_.size(); }

  /// At most `most` ids for one message, each of which has one telling less afterwards.
  std::vector<Id> take(std::size_t most) {
    std::vector<std::pair<std::size_t, Id>> order;
    for (const auto& [id, left] : left_) order.emplace_back(left, id);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (order.size() > most) order.resize(most);
    std::vector<Id> taken;
    for (const auto& [left, id] : order) {
      taken.push_back(id);
      if (left == 1)
        left_.erase(id);
      else
        --left_[id];
    }
    return taken;
  }

  /// 3 * (1 + log2), at least 3: in 50 members 18 messages by each who heard of it.
  static std::size_t tellings(std::size_t members) {
    return 3 * static_cast<std::size_t>(std::bit_width(members | 1));
  }

 private:
  std::map<Id, std::size_t> left_;
};

}  // namespace troupe::members
