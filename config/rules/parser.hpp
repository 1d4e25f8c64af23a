#pragma once
// Words to a checked program.
#include <string_view>

#include "config/rules/program.hpp"
#include "core/result.hpp"

namespace troupe::rules {

/// The whole text as one condition; see Rule::parse.
Result<Program> parse_program(std::string_view text);

}  // namespace troupe::rules
