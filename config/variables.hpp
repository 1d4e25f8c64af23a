#pragma once
// ${NAME}, ${NAME:-default} and ${file:PATH} inside a value.
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/environment.hpp"

namespace troupe::config {

/// Why a value could not be expanded. Never holds a variable's value.
struct ExpandError {
  std::string message, hint;
};

/// Replaces every reference; the result is never scanned again. `${NAME:-default}` stands in for an unset and
/// for an empty variable; `$${` is a literal `${`; trailing line ends of a file are cut. Files are limited to
/// 64 KiB, the result to 1 MiB.
tl::expected<std::string, ExpandError> expand(std::string_view text, const Environment& environment);

}  // namespace troupe::config
