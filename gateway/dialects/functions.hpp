#pragma once
// Functions and calls of them in OpenAI's shape, which other dialects have taken over. For the .cpp files of
// codecs.
#include <nlohmann/json.hpp>

#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects {

/// {"type":"function","function":{"name","description","parameters","strict"}}; what is no function is a tool
/// of the provider's own.
Tool read_function(const Json& from, Dialect origin);
nlohmann::ordered_json write_function(const Tool& tool);

/// {"id","function":{"name","arguments"}}, or with "custom" in place of "function"; arguments are JSON text
/// or a value. An Opaque part where it is neither.
Part read_call(const Json& from, Dialect origin);

}  // namespace troupe::dialects
