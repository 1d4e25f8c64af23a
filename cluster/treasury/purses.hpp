#pragma once
// The purses of this moment by their owners.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "actors/policy/purse.hpp"

namespace troupe::money {

/// One thread at a time changes it, any thread looks. Spread over many small maps that are replaced as a
/// whole: one more owner among ten thousand copies some dozens.
class Purses {
 public:
  using Map = std::map<std::string, std::shared_ptr<policy::Purse>>;

  /// nullptr: not there.
  std::shared_ptr<policy::Purse> find(const std::string& owner) const {
    const auto part = std::atomic_load(&parts_[place(owner)]);
    if (!part) return nullptr;
    const auto found = part->find(owner);
    return found == part->end() ? nullptr : found->second;
  }
  void put(const std::string& owner, std::shared_ptr<policy::Purse> purse) {
    auto& part = parts_[place(owner)];
    const auto before = std::atomic_load(&part);
    auto after = before ? std::make_shared<Map>(*before) : std::make_shared<Map>();
    (*after)[owner] = std::move(purse);
    std::atomic_store(&part, std::shared_ptr<const Map>(std::move(after)));
  }
  /// These, and no others.
  void replace(const Map& purses) {
    std::array<std::shared_ptr<Map>, kParts> fresh;
    for (auto& part : fresh) part = std::make_shared<Map>();
    for (const auto& [owner, purse] : purses) fresh[place(owner)]->emplace(owner, purse);
    for (std::size_t i = 0; i < kParts; ++i) {
      const auto before = std::atomic_load(&parts_[i]);
      if (!before || *before != *fresh[i])
        std::atomic_store(&parts_[i], std::shared_ptr<const Map>(std::move(fresh[i])));
    }
  }

 private:
  static constexpr std::size_t kParts = 256;
  static std::size_t place(const std::string& owner) { return std::hash<std::string>()(owner) % kParts; }

  std::array<std::shared_ptr<const Map>, kParts> parts_;  ///< by std::atomic_load
};

}  // namespace troupe::money
