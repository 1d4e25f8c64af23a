#pragma once
// Usage as the Responses dialect reports it. For the .cpp files of this room.
#include <string>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::responses {

Usage read_usage(const doc::object& from);
Usage read_usage(const Json& from);
/// {"input_tokens":...}
void append_usage(std::string& out, const Usage& usage);

}  // namespace troupe::dialects::responses
