#pragma once
// Messages about money to bytes and back: as in codec.hpp.
#include <optional>
#include <string>
#include <string_view>

#include "cluster/money/messages.hpp"

namespace troupe::wire {

std::string encode(const money::Message& message);
/// By its first bytes: meant to be one.
bool is_money(std::string_view bytes);
/// nullopt for anything but exactly one message about money. Never throws.
std::optional<money::Message> decode_money(std::string_view bytes);

}  // namespace troupe::wire
