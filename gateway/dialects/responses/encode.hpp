#pragma once
// Writing requests and answers. For the .cpp files of this room.
#include <string>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::responses {

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

/// The text that stands in `instructions`: a first system message that is one plain text; else nullptr.
const std::string* instructions(const Conversation& talk);
/// Every message but the instructions, as items. Thoughts that another dialect sealed are left out.
Result<Json> encode_input(const Conversation& talk);
/// Tools of other dialects' providers are left out where `drop`, else refused.
Result<Json> encode_tools(const Conversation& talk, bool drop);
/// null when nothing was chosen.
Json encode_choice(const Conversation& talk);
/// `text`: the format and the verbosity; `text.format` only when it is not plain.
Json encode_text(const Conversation& talk);
/// An extra of the caller's; nullptr when there is none.
const Json* extra(const Conversation& talk, std::string_view name);

}  // namespace troupe::dialects::responses
