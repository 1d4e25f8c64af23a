#include "gateway/tokens/memo.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace troupe::tokens {

Memo::Place Memo::place(std::uint64_t whose, std::string_view text) const {
  const auto hash = XXH3_128bits_withSeed(text.data(), text.size(), seed_ ^ whose);
  Place place;
  place.low = hash.low64;
  place.high = hash.high64;
  return place;
}

std::optional<std::int64_t> Memo::find(const Place& place) const {
  if (slots_.empty()) return std::nullopt;
  const auto& slot = slots_[place.low % kSlots];
  const bool same = slot.tokens >= 0 && slot.low == place.low && slot.high == place.high;
  return same ? std::optional(slot.tokens) : std::nullopt;
}

void Memo::put(const Place& place, std::int64_t tokens) {
  if (slots_.empty()) slots_.resize(kSlots);
  slots_[place.low % kSlots] = {place.low, place.high, tokens};
}

}  // namespace troupe::tokens
