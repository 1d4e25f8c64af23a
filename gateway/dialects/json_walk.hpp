#pragma once
// Walks JSON in place with simdjson's on-demand parser, but checks everything it passes: the parser alone
// does not look at the values that nobody asks for. For the .cpp files of this room.
#include <simdjson.h>
#include <cstddef>
#include <string_view>

namespace troupe::dialects::json {

using Value = simdjson::ondemand::value;

/// Objects and arrays nested deeper are refused.
inline constexpr int kMaxDepth = 256;

/// The value's own bytes when it is a scalar; for an object or array only its first token.
std::string_view token(Value& value);

/// What check() learns of a value.
struct Seen {
  simdjson::error_code error = simdjson::SUCCESS;
  std::string_view raw;  ///< all its bytes, in place
  std::size_t text = 0;  ///< bytes of a string when decoded, else of `raw`
};

/// Consumes `value` and checks the syntax of everything in it. `depth` is how many levels are above it.
Seen check(Value& value, int depth);

/// "a string", "an integer", "null" ...: as OpenAI's type errors name a value, by its first token.
std::string_view kind(std::string_view token);

/// The number grammar of RFC 8259, of any size.
bool is_number(std::string_view token);

}  // namespace troupe::dialects::json
