#pragma once
// The same pieces as the patterns give, for plain ASCII, several times faster. For the .cpp files of this
// room.
#include <cstddef>
#include <string_view>

#include "gateway/tokens/encoding.hpp"

namespace troupe::tokens {

/// Where the piece that begins at `from` ends; 0 when a character beyond ASCII could have a say in it, or the
/// encoding is an old one: then the pattern is asked.
std::size_t next_ascii(Encoding encoding, std::string_view text, std::size_t from);

}  // namespace troupe::tokens
