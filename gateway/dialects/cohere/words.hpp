#pragma once
// Words of this dialect that are no structure: why an answer ended, which models think.
#include <string_view>

#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::cohere {

Finish read_finish(std::string_view word);
/// The word for `finish`; `detail` itself where it is such a word.
std::string_view finish_word(Finish finish, std::string_view detail);

/// Whether `thinking` means something to this model; others refuse it.
bool thinks(std::string_view model);

}  // namespace troupe::dialects::cohere
