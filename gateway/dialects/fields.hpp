#pragma once
// What the readers of requests have in common. For the .cpp files of codecs.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects {

/// A request's body as an object; caller_bad_request when it is none.
Result<Json> read_body(std::string_view body);
/// The member `name`: a text alone, or the texts of a list.
std::vector<std::string> texts(const Json& from, std::string_view name);
/// Members that are neither null nor `known` become extras.
void keep_extras(const Json& from, std::span<const std::string_view> known, Conversation& into);

}  // namespace troupe::dialects
