#include "gateway/providers/adapter.hpp"

#include "gateway/providers/anthropic.hpp"
#include "gateway/providers/bedrock.hpp"
#include "gateway/providers/cohere.hpp"
#include "gateway/providers/gemini.hpp"
#include "gateway/providers/ollama.hpp"
#include "gateway/providers/openai.hpp"
#include "gateway/providers/vertex.hpp"

namespace troupe::providers {

std::string Origin::authority() const {
  const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

std::string_view AnswerHead::find(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

void StreamReader::fail(const dialects::ErrorReport& report, std::string& out) {
  out += dialects::openai_error_event(report);
}

bool Adapter::streams(const AnswerHead& head) const {
  return head.find("content-type").find("text/event-stream") != std::string_view::npos;
}

const Adapter& adapter(config::ProviderType type) {
  static const OpenAi openai;
  static const Anthropic anthropic;
  static const Gemini gemini;
  static const Bedrock bedrock;
  static const Cohere cohere;
  static const Ollama ollama;
  switch (type) {
    case config::ProviderType::anthropic:
      return anthropic;
    case config::ProviderType::gemini:
      return gemini;
    case config::ProviderType::bedrock:
      return bedrock;
    case config::ProviderType::vertex:
      return adapter(type, "");
    case config::ProviderType::cohere:
      return cohere;
    case config::ProviderType::ollama:
      return ollama;
    default:  // everybody else is shaped like OpenAI
      return openai;
  }
}

const Adapter& adapter(config::ProviderType type, std::string_view model) {
  static const Vertex google(dialects::Dialect::gemini), anthropic(dialects::Dialect::anthropic),
      partners(dialects::Dialect::chat);
  if (type != config::ProviderType::vertex) return adapter(type);
  const auto dialect = vertex_dialect(model);
  if (dialect == dialects::Dialect::anthropic) return anthropic;
  return dialect == dialects::Dialect::gemini ? google : partners;
}

}  // namespace troupe::providers
