#pragma once
// Bytes as text (RFC 4648, section 4).
#include <string>
#include <string_view>

namespace troupe::dialects {

/// Standard alphabet, padded.
std::string to_base64(std::string_view bytes);
/// What is no base64 ends it.
std::string from_base64(std::string_view text);

}  // namespace troupe::dialects
