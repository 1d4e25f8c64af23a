#pragma once
// Ways to answer.
#include <string>
#include <string_view>

#include "gateway/admin/key_view.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

/// Compact JSON; invalid UTF-8 becomes U+FFFD.
std::string dump(const Json& document);

/// JSON, or text with `?format=text`.
http::Response answer(const http::Request& request, const Json& document, int status = 200);

/// {"error":{"message"}}.
http::Response problem(int status, std::string_view message);

/// A query parameter, percent-decoded; "" when absent or malformed.
std::string parameter(const http::Request& request, std::string_view name);

}  // namespace troupe::admin
