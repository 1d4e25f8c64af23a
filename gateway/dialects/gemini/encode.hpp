#pragma once
// Writing requests and whole answers. For the .cpp files of this room.
#include <nlohmann/json.hpp>
#include <string>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::gemini {

using Ordered = nlohmann::ordered_json;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

struct Talk {
  Ordered system = Ordered::array();    ///< parts
  Ordered contents = Ordered::array();  ///< neighbours of one role are joined, unless the caller speaks this
};
Result<Talk> encode_messages(const Conversation& talk, const Target& target);
/// `inlineData` or `fileData`; fails naming `where`, the caller's own name for the place.
Result<Ordered> encode_media(const Media& media, const std::string& where, bool native);

/// `tools` and `toolConfig`.
Result<void> add_tools(const Conversation& talk, const Target& target, Ordered& out);
/// Sampling, format and thinking, as members of `generationConfig`.
Result<Ordered> encode_config(const Conversation& talk, const Target& target);

}  // namespace troupe::dialects::gemini
