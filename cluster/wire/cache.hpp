#pragma once
// Messages about cached answers to bytes and back: as in codec.hpp.
#include <optional>
#include <string>
#include <string_view>

#include "actors/policy/cache/messages.hpp"

namespace troupe::wire {

/// An entry that a message carries is not null, and no larger than cache::kTravels.
std::string encode(const cache::Message& message);
/// By its first bytes: meant to be one.
bool is_cache(std::string_view bytes);
/// nullopt for anything but exactly one message about the cache. Never throws.
std::optional<cache::Message> decode_cache(std::string_view bytes);

}  // namespace troupe::wire
