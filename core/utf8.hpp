#pragma once
// UTF-8 as RFC 3629 has it.
#include <string>
#include <string_view>

namespace troupe {

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool valid_utf8(std::string_view text);

/// The same text with every byte that cannot belong to a character replaced by U+FFFD.
std::string repair_utf8(std::string_view text);

}  // namespace troupe
