// Which functions read and write which dialect.
#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

constexpr std::string_view kEvents = "text/event-stream; charset=utf-8";

/// For dialects whose errors bear no request id.
template <std::string (*write)(const Trouble&)>
std::string nameless(const Trouble& trouble, const std::string&) {
  return write(trouble);
}

Result<Ask> read_messages(const Json& body) {
  return read_anthropic(body, false);
}

}  // namespace

const Shape& shape(Dialect dialect) {
  static constexpr Shape openai{read_openai, openai_frames, openai_whole, nameless<openai_error>,
                                kEvents,     "chatcmpl-",   "call_"};
  static constexpr Shape anthropic{read_messages, anthropic_frames, anthropic_whole, anthropic_error,
                                   kEvents,       "msg_01",         "toolu_01"};
  static constexpr Shape responses{
      read_responses, responses_frames, responses_whole, nameless<openai_error>, kEvents, "", "call_"};
  static constexpr Shape gemini{
      read_gemini, gemini_frames, gemini_whole, nameless<gemini_error>, "text/event-stream", "", ""};
  static constexpr Shape converse{read_converse,
                                  converse_frames,
                                  converse_whole,
                                  nameless<converse_error>,
                                  "application/vnd.amazon.eventstream",
                                  "",
                                  "tooluse_"};
  static constexpr Shape cohere{read_cohere, cohere_frames, cohere_whole, cohere_error, "text/event-stream",
                                "",          "get_"};
  static constexpr Shape ollama{
      read_ollama, ollama_frames, ollama_whole, nameless<ollama_error>, "application/x-ndjson", "", "call_"};
  switch (dialect) {
    case Dialect::openai:
      break;
    case Dialect::anthropic:
      return anthropic;
    case Dialect::responses:
      return responses;
    case Dialect::gemini:
      return gemini;
    case Dialect::converse:
      return converse;
    case Dialect::cohere:
      return cohere;
    case Dialect::ollama:
      return ollama;
  }
  return openai;
}

}  // namespace troupe::mock
