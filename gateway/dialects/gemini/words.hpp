#pragma once
// Words of this dialect that are no structure: why an answer ended, whose seal it is, what a model can do.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::gemini {

/// `calls`: the answer calls tools, which this dialect has no own word for.
Finish read_finish(std::string_view word, bool calls);
/// Vertex AI can be asked to give its words as numbers (`enum-encoding=int`); "" for one that is not known.
std::string_view finish_of_number(std::int64_t number);
/// The word for `finish`; `detail` itself where it is such a word.
std::string_view finish_word(Finish finish, std::string_view detail);

/// The version in "gemini-2.5-pro" times ten: 25; 0 when there is none.
int model_version(std::string_view model);

}  // namespace troupe::dialects::gemini
