#pragma once
// Errors in OpenAI's shape, with what Troupe knows of the request beside it (docs: contract, "API port").
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"

namespace troupe::dialects {

/// One try, as the error body lists it.
struct AttemptNote {
  std::string provider, key;
  int status = 0;  ///< the provider's; 0 = none came
  std::optional<Fault> fault;
  std::int64_t ms = 0;
};

/// What an error tells the caller. Empty `type` and `code` are filled from the fault.
struct ErrorReport {
  Fault fault = Fault::troupe_internal;
  std::string message;            ///< what, why and the next step
  std::string type, code, param;  ///< the provider's own words, where it gave them
  std::string request_id, node;
  std::vector<AttemptNote> attempts;
};

/// OpenAI's error type and code for a fault: "rate_limit_error" and "rate_limit_exceeded". The code of a
/// fault that OpenAI has no word for is the fault's own name.
std::string_view openai_error_type(Fault fault);
std::string_view openai_error_code(Fault fault);

/// {"error":{"message","type","param","code","troupe":{"request_id","node","fault","attempts":[...]}}}
std::string openai_error_body(const ErrorReport& report);

/// The same as one event that ends a started stream: "data: {...}\n\n". No [DONE] follows it.
std::string openai_error_event(const ErrorReport& report);

}  // namespace troupe::dialects
