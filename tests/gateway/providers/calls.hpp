#pragma once
// What the adapters' tests ask.
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/providers/adapter.hpp"
#include "tests/support/catch.hpp"

namespace troupe::providers {

inline dialects::Request asked(dialects::Operation operation, const std::string& body) {
  auto parsed = dialects::parse_request(operation, body);
  REQUIRE(parsed);
  return std::move(*parsed);
}

inline dialects::Request chat(const std::string& rest = "") {
  return asked(dialects::Operation::chat,
               R"({"model":"smart","messages":[{"role":"user","content":"hi"}])" + rest + "}");
}

inline config::Provider provider(config::ProviderType type, const std::string& base_url = "") {
  config::Provider out;
  out.type = type;
  out.base_url = base_url;
  return out;
}

inline UpstreamCall called(const dialects::Request& request, const config::Provider& provider,
                           const std::string& model = "the-model") {
  config::Key key;
  key.secret = config::Secret("sk-1");
  auto call = adapter(provider.type).call(request, model, provider, key);
  if (!call) FAIL(call.error().message);
  return std::move(*call);
}

inline nlohmann::json whole_of(const dialects::Request& request, const config::Provider& provider,
                               const std::string& body) {
  const auto answer = adapter(provider.type).whole(request, provider, {200, {}}, body);
  if (!answer) FAIL(answer.error().message);
  return nlohmann::json::parse(answer->body);
}

}  // namespace troupe::providers
