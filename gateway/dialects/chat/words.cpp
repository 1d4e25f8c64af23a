#include "gateway/dialects/chat/words.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace troupe::dialects::chat {
namespace {

constexpr std::array<std::pair<std::string_view, Dialect>, 5> kFormats{
    {{"anthropic-claude-v1", Dialect::anthropic},
     {"google-gemini-v1", Dialect::gemini},
     {"openai-responses-v1", Dialect::responses},
     {"aws-converse-v1", Dialect::converse},
     {"unknown", Dialect::chat}}};

}  // namespace

std::string_view finish_word(Finish finish) {
  switch (finish) {
    case Finish::length:
    case Finish::context:
      return "length";
    case Finish::tools:
      return "tool_calls";
    case Finish::filtered:
      return "content_filter";
    case Finish::stop:
    case Finish::stop_sequence:
    case Finish::paused:
    case Finish::failed:
    case Finish::unknown:
      break;
  }
  return "stop";
}

Finish read_finish(std::string_view word, bool tools) {
  if (word == "stop" || word == "eos" || word == "end_turn") return tools ? Finish::tools : Finish::stop;
  if (word == "length" || word == "model_length" || word == "max_tokens") return Finish::length;
  if (word == "tool_calls" || word == "function_call") return Finish::tools;
  if (word == "content_filter") return Finish::filtered;
  return word == "error" ? Finish::failed : Finish::unknown;
}

std::string made_call_id(std::string_view answer, std::size_t ordinal) {
  return fmt::format("call_{}{}{}", answer, answer.empty() ? "" : "_", ordinal);
}

std::string_view seal_format(Dialect origin) {
  for (const auto& [format, dialect] : kFormats) {
    if (dialect == origin) return format;
  }
  return "unknown";
}

std::optional<Dialect> seal_origin(std::string_view format) {
  for (const auto& [known, dialect] : kFormats) {
    if (known == format) return dialect;
  }
  return std::nullopt;
}

}  // namespace troupe::dialects::chat
