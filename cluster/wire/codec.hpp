#pragma once
// Messages between nodes to bytes and back.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cluster/errands/messages.hpp"
#include "cluster/members/messages.hpp"
#include "cluster/permits/messages.hpp"

namespace troupe::wire {

using Message = std::variant<cluster::Message, members::Message, errands::Message>;

/// `[family, kind, fields...]` as one msgpack array.
std::string encode(const cluster::Message& message);
std::string encode(const members::Message& message);
std::string encode(const errands::Message& message);

/// nullopt for anything but exactly one message of this protocol version, with every number in range. Never
/// throws; allocates no more than a few times the size of `bytes`.
std::optional<Message> decode(std::string_view bytes);

}  // namespace troupe::wire
