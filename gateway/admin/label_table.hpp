#pragma once
// Cells by labels: one thread finds and inserts, any thread reads, nobody locks. Cells are never removed, so
// a published one stays valid as long as the table.
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::admin {

/// What a label is called whose value would make too many series.
inline constexpr std::string_view kOther = "other";

/// At most kLimit sets of N labels; what comes later is counted in one cell whose labels are all "other", so
/// that sums stay right. `Cell` needs `Plain` and `add_to(Plain&)`.
template <class Cell, std::size_t N>
class LabelTable {
 public:
  using Labels = std::array<std::string_view, N>;
  using Names = std::array<std::string, N>;
  using Merged = std::map<Names, typename Cell::Plain>;
  static constexpr std::size_t kSlots = 1024, kLimit = 512;

  LabelTable() = default;
  LabelTable(const LabelTable&) = delete;
  LabelTable& operator=(const LabelTable&) = delete;
  ~LabelTable() {
    for (auto& slot : slots_) delete slot.load(std::memory_order_relaxed);
  }

  /// The owner thread's; allocates only for labels not seen before.
  Cell& at(const Labels& labels) {
    for (std::size_t i = hash(labels);; ++i) {
      auto& slot = slots_[i % kSlots];
      if (Node* node = slot.load(std::memory_order_relaxed)) {
        if (node->is(labels)) return node->cell;
      } else {
        return insert(slot, labels);
      }
    }
  }

  /// Any thread's: adds every cell to what `out` has for the same labels.
  void merge_into(Merged& out) const {
    for (const auto& slot : slots_)
      if (const Node* node = slot.load(std::memory_order_acquire)) node->cell.add_to(out[node->names]);
  }

 private:
  struct Node {
    explicit Node(const Labels& labels) {
      for (std::size_t i = 0; i < N; ++i) names[i] = labels[i];
    }
    bool is(const Labels& labels) const {
      for (std::size_t i = 0; i < N; ++i)
        if (names[i] != labels[i]) return false;
      return true;
    }
    Names names;
    Cell cell;
  };

  static std::size_t hash(const Labels& labels) {
    std::size_t seed = 0;
    for (const auto label : labels)
      seed = seed * 0x9E3779B97F4A7C15ULL + std::hash<std::string_view>{}(label);
    return seed ^ (seed >> 29);
  }

  Cell& insert(std::atomic<Node*>& slot, const Labels& labels) {
    if (used_ >= kLimit) return overflow();
    ++used_;
    auto node = std::make_unique<Node>(labels);
    Cell& cell = node->cell;
    slot.store(node.release(), std::memory_order_release);
    return cell;
  }

  Cell& overflow() {
    if (!overflow_) {
      Labels labels;
      labels.fill(kOther);
      --used_;  // room for this one
      overflow_ = &at(labels);
      used_ = kLimit;
    }
    return *overflow_;
  }

  std::array<std::atomic<Node*>, kSlots> slots_{};
  std::size_t used_ = 0;
  Cell* overflow_ = nullptr;
};

}  // namespace troupe::admin
