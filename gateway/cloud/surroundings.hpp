#pragma once
// Small things that every place of credentials needs. For the .cpp files of this room.
#include <algorithm>
#include <string>
#include <string_view>

#include "config/environment.hpp"

namespace troupe::cloud {

/// The largest file that is read for credentials.
inline constexpr std::size_t kLargestCredentialFile = 1 << 20;

/// A variable's value, "" when absent.
inline std::string variable(const config::Environment& environment, const std::string& name) {
  return environment.variable(name).value_or("");
}

/// True where this value can stand in a header: no line ends, no control characters.
inline bool fits_header(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 127; });
}

}  // namespace troupe::cloud
