#pragma once
// Errors in Anthropic's shape, with what Troupe knows of the request beside it.
#include <string>
#include <string_view>

#include "gateway/dialects/openai_error.hpp"

namespace troupe::dialects::anthropic {

/// Anthropic's type for a fault: by the status that the caller gets, but a provider that has too much to do
/// is "overloaded_error", whatever its status.
std::string_view error_type(Fault fault);

/// {"type":"error","error":{"type","message","troupe":{"request_id","node","fault","attempts":[...]}},
/// "request_id"}. A `type` of the report that is none of Anthropic's is replaced by the fault's.
std::string error_body(const ErrorReport& report);

/// The same as one event that ends a started stream; no message_stop follows it.
std::string error_event(const ErrorReport& report);

}  // namespace troupe::dialects::anthropic
