#pragma once
// Words of this dialect that are no structure: why an answer ended, ids for calls that have none, who thinks.
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::ollama {

/// `calls`: the answer calls tools, which this dialect has no own word for.
Finish read_finish(std::string_view word, bool calls);
/// The word for `finish`; `detail` itself where nobody knows it.
std::string_view finish_word(Finish finish, std::string_view detail);

/// Older servers give calls no id: one that is made of the answer's moment is as good to answer to.
std::string make_call_id(std::string_view created_at, std::size_t ordinal);

/// Models that are known to think; others refuse to be told so.
bool thinks(std::string_view model);
/// Models that are told how much, not whether.
bool thinks_by_level(std::string_view model);

}  // namespace troupe::dialects::ollama
