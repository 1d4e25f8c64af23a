#pragma once
// What a client asks for, whatever dialect it speaks: the one model between all of them.
//
// Every dialect decodes its requests into it and encodes them from it; a codec keeps what it does not know in
// `extras` and Opaque parts, which only its own dialect writes again.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/dialects/dialect.hpp"

namespace troupe::dialects {

using Json = nlohmann::json;

/// Where a text took something from.
struct Citation {
  std::string url, title, quote;    ///< `quote` is the cited text itself
  std::int64_t start = 0, end = 0;  ///< bytes of the message's text that rest on it; 0, 0 when unknown
  Dialect origin = Dialect::chat;
  Json raw;  ///< as `origin` said it; null when there was no more than the fields above
  bool operator==(const Citation&) const = default;
};

struct Text {
  std::string text;
  std::vector<Citation> citations;
  Json cache;  ///< Anthropic's `cache_control` of this part: {"type":"ephemeral","ttl":"5m"}; null = none
  bool operator==(const Text&) const = default;
};

/// An image, a document or a sound: by its bytes, by address, or by a provider's file id.
struct Media {
  enum class Kind : std::uint8_t { image, document, audio, video };
  Kind kind = Kind::image;
  std::string type;     ///< MIME type; "" where it is not said (an address)
  std::string data;     ///< base64, standard alphabet
  std::string text;     ///< a document that is plain text comes as such
  std::string url;      ///< http(s) or a provider's own scheme (gs://, s3://)
  std::string file_id;  ///< known to the provider alone
  std::string name;     ///< file name or title
  std::string detail;   ///< OpenAI's image detail: "auto", "low", "high"
  Json cache;           ///< as in Text
  Json more;            ///< further members of its own dialect (Anthropic documents: context, citations)
  bool operator==(const Media&) const = default;
};

/// The model calls a tool.
struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  ///< JSON text as the model wrote it, not always valid; "" = none
  std::string signature;  ///< Gemini's thoughtSignature of this call
  bool custom = false;    ///< `arguments` is free text (OpenAI's custom tools)
  Json cache;
  bool operator==(const ToolCall&) const = default;
};

struct Part;

/// The caller answers a tool call.
struct ToolResult {
  std::string id;
  std::string name;           ///< of the tool, where the dialect says it; resolve_tool_names() fills it in
  std::vector<Part> content;  ///< Text and Media (and Opaque)
  bool error = false;
  bool custom = false;
  Json cache;
  bool operator==(const ToolResult&) const;
};

/// What the model thought. Signatures are sealed by the provider that gave them and worth nothing elsewhere.
struct Reasoning {
  std::string text;
  std::string signature;  ///< Anthropic: signature, or data of a redacted block; Responses: encrypted_content
  std::string id;         ///< Responses: rs_...
  Dialect origin = Dialect::chat;  ///< whose seal it is
  bool redacted = false;           ///< no text, only the sealed form
  bool summary = false;            ///< a summary of it (Responses)
  bool operator==(const Reasoning&) const = default;
};

/// The model declines in words of its own.
struct Refusal {
  std::string text;
  bool operator==(const Refusal&) const = default;
};

/// What only one dialect knows (server tools and their results, blocks that are yet to come).
struct Opaque {
  Dialect origin = Dialect::chat;
  Json json;
  bool operator==(const Opaque&) const = default;
};

struct Part {
  std::variant<Text, Media, ToolCall, ToolResult, Reasoning, Refusal, Opaque> is;
  bool operator==(const Part&) const = default;
};
inline bool ToolResult::operator==(const ToolResult& other) const {
  return id == other.id && name == other.name && content == other.content && error == other.error &&
         custom == other.custom && cache == other.cache;
}

enum class Role : std::uint8_t { system, developer, user, assistant, tool };

struct Message {
  Role role = Role::user;
  std::vector<Part> parts;
  std::string name;  ///< of the participant (OpenAI)
  bool operator==(const Message&) const = default;
};

/// A group of tools with a name of its own (Responses' `namespace`).
struct ToolSpace {
  std::string name, description;
  bool operator==(const ToolSpace&) const = default;
};

struct Tool {
  std::string name;  ///< of a tool in a space "SPACE__NAME": other dialects have no groups
  std::string description;
  Json parameters;  ///< JSON Schema of an object; null = takes nothing
  std::optional<bool> strict;
  Json cache;
  std::optional<Opaque> own;  ///< no function: a tool that the provider runs, in its dialect's words
  std::optional<ToolSpace> space = std::nullopt;
  bool operator==(const Tool&) const = default;
};

struct ToolChoice {
  enum class Mode : std::uint8_t { unset, automatic, none, required, named };
  Mode mode = Mode::unset;
  std::string name;              ///< for `named`
  std::optional<bool> parallel;  ///< false: at most one call in an answer
  bool operator==(const ToolChoice&) const = default;
};

/// How the answer's text is to be formed.
struct Format {
  enum class Kind : std::uint8_t { text, json, schema };
  Kind kind = Kind::text;
  std::string name, description;
  Json schema;
  std::optional<bool> strict;
  bool operator==(const Format&) const = default;
};

/// How much the model may think. Dialects say it by effort, by budget, or by a switch.
struct Thinking {
  std::string effort;                  ///< none, minimal, low, medium, high, xhigh; "" = not said
  std::optional<std::int64_t> budget;  ///< tokens; 0 = do not think
  bool adaptive = false;               ///< the model decides (Anthropic)
  std::optional<bool> shown;           ///< thoughts are wanted in the answer
  std::string summary;                 ///< Responses: auto, concise, detailed
  bool asked() const { return !effort.empty() || budget || adaptive; }
  bool operator==(const Thinking&) const = default;
};

struct Sampling {
  std::optional<double> temperature, top_p, frequency_penalty, presence_penalty;
  std::optional<std::int64_t> top_k, seed, max_output, choices, top_logprobs;
  bool logprobs = false;
  std::vector<std::string> stop;
  bool operator==(const Sampling&) const = default;
};

struct Conversation {
  Dialect origin = Dialect::chat;
  std::string model;
  std::vector<Message>
      messages;  ///< in order; system texts are messages, first where the dialect has a field
  std::vector<Tool> tools;
  ToolChoice choice;
  Format format;
  Sampling sampling;
  Thinking thinking;
  std::string user;       ///< the end user's id, as the caller's application knows it
  std::string cache_key;  ///< OpenAI's prompt_cache_key
  std::string verbosity;  ///< OpenAI: low, medium, high
  std::string service_tier;
  Json metadata;  ///< an object of strings, or null
  std::optional<bool> store;
  bool stream = false;
  bool include_usage = false;  ///< chat: a last chunk with the usage was asked for
  std::vector<std::pair<std::string, Json>>
      extras;  ///< top-level fields of `origin` that stand nowhere above
  bool operator==(const Conversation&) const = default;
};

/// Tool results whose dialect does not name the tool get the name from the call that they answer.
void resolve_tool_names(Conversation& talk);

}  // namespace troupe::dialects
