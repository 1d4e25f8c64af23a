#pragma once
// Errors in the caller's dialect, and which endpoint speaks which.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/openai_error.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::api {

/// What a POST to `path` asks for; nullopt when nothing is served there.
std::optional<dialects::Operation> operation_at(std::string_view path);

/// The body of an error answer, as the endpoint's clients read it.
std::string error_body(dialects::Operation operation, const dialects::ErrorReport& report);

/// The code of a key that is not known on a node that may not know all keys yet: 503, come again.
inline constexpr std::string_view kKeysUnknown = "keys_not_known_yet";

}  // namespace troupe::api
