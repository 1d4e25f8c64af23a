#pragma once
// Answers and frames as simdjson documents, one parser per thread. For the .cpp files of codecs and adapters.
#include <simdjson.h>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::dialects::doc {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// Parses `text` (copied once, for the padding); what comes out lives until this thread's next call. Checks
/// syntax and UTF-8 of all of it.
simdjson::simdjson_result<element> parse(std::string_view text);

/// Null when absent, null or of another type.
std::string_view text_of(const object& from, std::string_view key);
std::string_view text_of(const element& value);
/// 0 when absent, negative or no number.
std::int64_t count_of(const object& from, std::string_view key);
std::int64_t count_of(const element& value);
/// The member `key` when it is an object.
simdjson::simdjson_result<object> object_of(const object& from, std::string_view key);

}  // namespace troupe::dialects::doc
