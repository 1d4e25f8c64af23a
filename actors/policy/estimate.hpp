#pragma once
// Tokens before anybody counted them.
#include <string_view>

#include "core/units.hpp"

namespace troupe::policy {

/// A guess of how many tokens UTF-8 `text` makes: a quarter per ASCII byte, a half per character of other
/// alphabets, one per ideograph, kana, hangul or emoji; rounded up. Within about a quarter of the common
/// tokenizers on prose; low on dense digits and code. Linear, no allocation; total over any bytes.
Tokens estimate_tokens(std::string_view text);

}  // namespace troupe::policy
