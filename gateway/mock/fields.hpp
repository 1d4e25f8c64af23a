#pragma once
// Fields of requests that may be there, and may be of any type. For the .cpp files of this room.
#include <cstdint>
#include <optional>
#include <string>

#include "gateway/mock/json.hpp"

namespace troupe::mock {

/// A shared null where there is no such field.
const Json& at_or_null(const Json& object, const char* field);
/// "" for anything but a text.
std::string text_at(const Json& object, const char* field);
std::optional<std::int64_t> number_at(const Json& object, const char* field);
bool flag_at(const Json& object, const char* field);

}  // namespace troupe::mock
