#pragma once
// Messages about virtual keys to bytes and back: as in codec.hpp.
#include <optional>
#include <string>
#include <string_view>

#include "cluster/keyring/messages.hpp"

namespace troupe::wire {

std::string encode(const keyring::Message& message);
/// By its first bytes: meant to be one.
bool is_keyring(std::string_view bytes);
/// nullopt for anything but exactly one message about virtual keys. Never throws.
std::optional<keyring::Message> decode_keyring(std::string_view bytes);

}  // namespace troupe::wire
