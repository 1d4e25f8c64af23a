#pragma once
// Messages about the end users of tenants to bytes and back: as in codec.hpp.
#include <optional>
#include <string>
#include <string_view>

#include "actors/policy/users/messages.hpp"

namespace troupe::wire {

std::string encode(const users::Message& message);
/// By its first bytes: meant to be one.
bool is_users(std::string_view bytes);
/// nullopt for anything but exactly one message about users. Never throws.
std::optional<users::Message> decode_users(std::string_view bytes);

}  // namespace troupe::wire
