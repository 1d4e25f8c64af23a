#pragma once
// The languages that clients and providers speak.
#include <array>
#include <cstdint>
#include <string_view>

namespace troupe::dialects {

enum class Dialect : std::uint8_t {
  chat,       ///< OpenAI chat completions, and everything shaped like them
  responses,  ///< OpenAI Responses
  anthropic,  ///< Anthropic Messages
  gemini,     ///< Google generateContent (Gemini API, Vertex AI)
  converse,   ///< AWS Bedrock Converse
  cohere,     ///< Cohere v2 chat
  ollama,     ///< Ollama /api/chat
};

inline constexpr std::array kDialects{Dialect::chat,   Dialect::responses, Dialect::anthropic,
                                      Dialect::gemini, Dialect::converse,  Dialect::cohere,
                                      Dialect::ollama};

/// "chat", "responses", ...: in logs and in what travels through other dialects.
constexpr std::string_view name(Dialect dialect) {
  switch (dialect) {
    case Dialect::chat:
      return "chat";
    case Dialect::responses:
      return "responses";
    case Dialect::anthropic:
      return "anthropic";
    case Dialect::gemini:
      return "gemini";
    case Dialect::converse:
      return "converse";
    case Dialect::cohere:
      return "cohere";
    case Dialect::ollama:
      return "ollama";
  }
  return "";
}

}  // namespace troupe::dialects
