#include "gateway/providers/adapter.hpp"

#include "gateway/providers/anthropic.hpp"
#include "gateway/providers/openai.hpp"

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

const Adapter& adapter(config::ProviderType type) {
  static const OpenAi openai;
  static const Anthropic anthropic;
  switch (type) {
    case config::ProviderType::anthropic:
      return anthropic;
    case config::ProviderType::openai:
    case config::ProviderType::mock:
      break;
  }
  return openai;
}

}  // namespace troupe::providers
