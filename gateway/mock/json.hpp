#pragma once
// The mock's JSON: fields keep their order, as providers send them.
#include <nlohmann/json.hpp>

namespace troupe::mock {

using Json = nlohmann::ordered_json;

/// Text of anything, also of invalid UTF-8 (which becomes U+FFFD).
inline std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace troupe::mock
