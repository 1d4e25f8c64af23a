#pragma once
// Small helpers over nlohmann's values, for codecs of whole requests and answers.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace troupe::dialects {

using Json = nlohmann::json;

/// Values nested deeper are no JSON to us: copying, comparing and writing them would recurse as deep.
inline constexpr int kMaxNesting = 256;
/// Parsed; discarded (`is_discarded()`) when it is no JSON, no UTF-8, holds a number out of range, or is
/// nested deeper than kMaxNesting.
Json read(std::string_view text);

/// The member `name` of an object; nullptr when absent or null.
const Json* member(const Json& from, std::string_view name);
/// "" when absent or no string.
std::string text(const Json& from, std::string_view name);
std::optional<bool> flag(const Json& from, std::string_view name);
std::optional<double> number(const Json& from, std::string_view name);
/// Whole numbers only (1.0 counts).
std::optional<std::int64_t> whole(const Json& from, std::string_view name);
/// Compact, with bytes that are no UTF-8 replaced.
std::string dump(const Json& value);
/// The arguments of a tool call as an object; text that is no JSON object becomes {"arguments": text}; "" is
/// {}.
Json arguments_object(std::string_view text);

/// A 400 that names the field.
tl::unexpected<Error> unsupported(std::string field, std::string_view why);
tl::unexpected<Error> invalid(std::string field, std::string_view why);

}  // namespace troupe::dialects
