#pragma once
// Names of files and batches. A name says which node keeps the thing and when it was made, so that any node
// knows whom to ask and lists from several nodes merge by name alone.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace troupe::batch {

enum class Kind : std::uint8_t { file, batch };

/// What a name says.
struct Id {
  Kind kind = Kind::file;
  std::string node;   ///< that keeps it
  std::string order;  ///< 28 hexadecimal digits: milliseconds since 1970, then chance; newer ones are greater
};

/// "file-NODE-ORDER" or "batch_NODE_ORDER", the node's name in hexadecimal: letters, digits, - and _ only.
/// `chance` is 64 random bits; together with the tenant's check it is no secret.
std::string make_id(Kind kind, std::string_view node, WallTime at, std::uint64_t chance);

/// nullopt for anything that make_id() does not make; so it is safe as the name of a file.
std::optional<Id> read_id(std::string_view text);

/// The name of one line's request: "batch_req_ORDER_LINE".
std::string line_id(const Id& batch, std::size_t line);

}  // namespace troupe::batch
