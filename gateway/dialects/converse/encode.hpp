#pragma once
// Writing requests and whole answers of the Converse API. For the .cpp files of this room.
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/converse/models.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::converse {

using Ordered = nlohmann::ordered_json;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

/// A request while it is written.
struct Writing {
  const Conversation& talk;
  const Target& target;
  Model model;
  bool native = false;                   ///< the caller speaks this dialect: everything goes as it came
  bool open_tool_loop = false;           ///< ends in tool results whose call came without its thinking
  std::vector<std::string> called = {};  ///< the tools that were called in it
  std::set<std::string> names = {};      ///< of documents: the API wants them apart
};

/// `system` and `messages`: alternating, begun by the user.
Result<void> add_messages(Writing& writing, Ordered& out);
/// The blocks that a part becomes, its cache point behind it; none where the API would refuse it and nothing
/// is lost (blank text, thoughts whose seal is not Claude's). `where` is the caller's own name for the place.
Result<std::vector<Ordered>> encode_part(const Part& part, const std::string& where, Writing& writing);
Result<Ordered> encode_media(const Media& media, const std::string& where, Writing& writing);
/// nullptr when `cache` is null. A lifetime is only said to Claude.
Ordered cache_point(const Json& cache, bool with_ttl);
/// Claude's API takes it back: sealed by Anthropic's key, which Bedrock uses as well.
bool goes_back(const Reasoning& thought, const Model& model);

/// The `reasoningContent` of a thought with its seal as written.
Ordered thought_json(const Reasoning& thought, const std::string& seal);
/// The text alone, or with the citations as they were in this dialect.
Ordered text_json(const Text& text);
/// Converse's own citation as it was; another's in its words.
Ordered citation_json(const Citation& citation);

/// `inferenceConfig` and what of it is a model's own. Fails naming what Converse cannot do.
Result<void> add_sampling(const Writing& writing, Ordered& out);
/// A schema; in a system text where only a text can ask (JSON without a schema, or with drop_params).
Result<void> add_format(const Writing& writing, Ordered& out);
/// How much to think, in the model's own words; sampling that is refused beside thinking goes.
void add_thinking(const Writing& writing, Ordered& out);
/// `toolConfig`; tools that were called are declared also where none are offered any more.
Result<void> add_tools(const Writing& writing, Ordered& out);

}  // namespace troupe::dialects::converse
