#pragma once
// Exceptions in the middle of a ConverseStream. For the .cpp files of this room.
#include <string>
#include <string_view>

namespace troupe::dialects::converse {

/// The HTTP status that Bedrock gives an exception of this name outside of a stream; for those that repeat a
/// model's failure, the model's own status. 500 for a name that nobody knows.
int exception_status(std::string_view type, std::string_view payload);
/// A JSON object with `message` and, as AWS says it in bodies, `__type`.
std::string exception_body(std::string_view type, std::string_view payload);

}  // namespace troupe::dialects::converse
