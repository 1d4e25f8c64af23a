#pragma once
// Writing requests and whole answers of the Messages API. For the .cpp files of this room.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::anthropic {

using Ordered = nlohmann::ordered_json;

/// Sent where the caller names no limit: the Messages API requires one.
inline constexpr std::int64_t kDefaultMaxTokens = 4096;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

/// The conversation, split as Anthropic wants it.
struct Talk {
  Ordered system = Ordered::array();    ///< text blocks
  Ordered messages = Ordered::array();  ///< tool results first in their user message
  bool open_tool_loop = false;          ///< ends in tool results whose call came without its thinking
  std::vector<std::string> called;      ///< the tools that were called in it
};
/// Neighbours of one role are joined, unless a client of this very dialect said it so.
Result<Talk> encode_messages(const Conversation& talk);

/// `where` is the caller's own name for the place, in errors; `native`: the caller speaks this dialect.
Result<Ordered> encode_media(const Media& media, const std::string& where, bool native);
/// Sealed by Anthropic's key, which Bedrock's Claude models use as well: the API takes it back. An unsealed
/// thought would be refused.
bool goes_back(const Reasoning& thought);
/// nullopt: the API would refuse it and nothing is lost (empty text, thoughts without a seal of Anthropic's).
Result<std::optional<Ordered>> encode_part(const Part& part, const std::string& where, bool native);

/// Anthropic's own citation as it was; another's in the words of a web search result or of a text document.
Ordered citation_json(const Citation& citation);

/// What a model can do with `thinking`, by the version in its name.
enum class Thinks : std::uint8_t { never, by_budget, by_itself };
/// The version in "claude-opus-4-6-20260101" or "claude-3-7-sonnet-latest", times ten: 46 and 37; 0 when
/// there is none.
int model_version(std::string_view model);
Thinks thinks(std::string_view model);

/// Adds `thinking` and `output_config.effort`. A client of this dialect gets what it said; for others the
/// model's version decides how it is said, and sampling that is refused beside thinking is left out.
void add_thinking(const Conversation& talk, const Target& target, bool open_tool_loop, Ordered& out);

/// Temperature, nuclei, stop strings. Fails naming what Anthropic cannot do.
Result<void> add_sampling(const Conversation& talk, const Target& target, Ordered& out);
/// `tools` and `tool_choice`; tools that were called are declared also where none are offered any more.
Result<void> add_tools(const Conversation& talk, const Target& target, const std::vector<std::string>& called,
                       Ordered& out);

}  // namespace troupe::dialects::anthropic
