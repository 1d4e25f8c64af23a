#pragma once
// Reading requests and whole answers of the Converse API. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::converse {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// One content block; a kind that is not known is an Opaque. `where` begins the param of an error:
/// "messages.0.content.1".
Result<Part> decode_block(const Json& block, const std::string& where);
/// An array of blocks. A cache point belongs to the block before it.
Result<std::vector<Part>> decode_content(const Json& content, const std::string& where);
/// An element of `messages` and what it becomes: results of tools are messages of their own, before the rest.
Result<void> decode_message(const Json& from, const std::string& where, std::vector<Message>& into);

/// One of a text's `citations`; without its place.
Citation decode_citation(Json raw);
/// A cache point as a part's `cache`; null when it is none.
Json read_cache_point(const Json& block);

/// `inferenceConfig`, `additionalModelRequestFields`, `outputConfig`, `toolConfig`: what the model has a
/// place for goes there, the rest into the extras.
Result<void> decode_settings(const Json& from, Conversation& out);

}  // namespace troupe::dialects::converse
