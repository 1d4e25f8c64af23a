#pragma once
// A value that one thread publishes and others look at without a lock. Internal to actors/.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace troupe::actors {

/// Word by word with relaxed atomics: a reader may see words of two versions mixed. For gauges, which are
/// approximate by nature; the owner decides anyway.
template <class Value>
class AtomicCopy {
  static_assert(std::is_trivially_copyable_v<Value>);
  static constexpr std::size_t kWords = (sizeof(Value) + 7) / 8;

 public:
  AtomicCopy() { store(Value{}); }

  void store(const Value& value) {
    std::array<std::uint64_t, kWords> words{};
    std::memcpy(words.data(), &value, sizeof value);
    for (std::size_t i = 0; i < kWords; ++i) words_[i].store(words[i], std::memory_order_relaxed);
  }

  Value load() const {
    std::array<std::uint64_t, kWords> words;
    for (std::size_t i = 0; i < kWords; ++i) words[i] = words_[i].load(std::memory_order_relaxed);
    Value value;
    std::memcpy(static_cast<void*>(&value), words.data(), sizeof value);
    return value;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

}  // namespace troupe::actors
