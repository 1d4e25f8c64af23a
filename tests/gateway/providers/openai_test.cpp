#include "gateway/providers/openai.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;

namespace {

const Adapter& openai() {
  return adapter(config::ProviderType::openai);
}

dialects::Request request(const std::string& rest = "") {
  auto parsed =
      dialects::parse_request(dialects::Operation::chat,
                              R"({"model":"smart","messages":[{"role":"user","content":"hi"}])" + rest + "}");
  REQUIRE(parsed);
  return std::move(*parsed);
}

config::Key key(const std::string& secret) {
  config::Key out;
  out.secret = config::Secret(secret);
  return out;
}

}  // namespace

TEST_CASE("a call goes to the provider's own path with its key and headers") {
  config::Provider provider;
  provider.headers = {{"OpenAI-Organization", "org"}, {"user-agent", "mine"}, {"Bad", "a\r\nInjected: b"}};
  const auto call = openai().call(request(), "gpt-4o", provider, key("sk-1"));
  REQUIRE(call);
  CHECK(call->target == "/v1/chat/completions");
  CHECK(call->body == R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]})");
  CHECK(call->headers.find("Authorization: Bearer sk-1\r\n") != std::string::npos);
  CHECK(call->headers.find("OpenAI-Organization: org\r\n") != std::string::npos);
  CHECK(call->headers.find("Accept: application/json\r\n") != std::string::npos);
  CHECK(call->headers.find("User-Agent") == std::string::npos);
  CHECK(call->headers.find("Injected") == std::string::npos);
}

TEST_CASE("a local server without a key gets no authorization") {
  config::Provider provider;
  provider.base_url = "http://127.0.0.1:8000/v1/";
  const auto call = openai().call(request(R"(,"stream":true)"), "llama", provider, key(""));
  REQUIRE(call);
  CHECK(call->headers.find("Authorization") == std::string::npos);
  CHECK(call->headers.find("Accept: text/event-stream\r\n") != std::string::npos);
}

TEST_CASE("base URLs say where calls go") {
  struct Row {
    std::string url, host, port, prefix, authority;
    bool tls;
  };
  const Row rows[] = {
      {"", "api.openai.com", "443", "/v1", "api.openai.com", true},
      {"http://127.0.0.1:8000/v1/", "127.0.0.1", "8000", "/v1", "127.0.0.1:8000", false},
      {"https://api.groq.com/openai/v1", "api.groq.com", "443", "/openai/v1", "api.groq.com", true},
      {"http://[::1]:9000", "::1", "9000", "", "[::1]:9000", false},
      {"https://host:8443?x=1", "host", "8443", "", "host:8443", true}};
  for (const auto& row : rows) {
    config::Provider provider;
    provider.base_url = row.url;
    const auto origin = openai().origin(provider);
    INFO(row.url);
    CHECK(origin.host == row.host);
    CHECK(origin.port == row.port);
    CHECK(origin.path_prefix == row.prefix);
    CHECK(origin.tls == row.tls);
    CHECK(origin.authority() == row.authority);
  }
}

TEST_CASE("a whole answer passes byte for byte and its usage is read") {
  const std::string body =
      R"( {"id":"x", "choices":[{"index":0}],"model":"gpt-4o-2024","usage":{"prompt_tokens":10,"completion_tokens":5,)"
      R"("total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},)"
      R"("completion_tokens_details":{"reasoning_tokens":3}}} )";
  const auto answer = openai().whole(request(), {}, {200, {}}, body);
  REQUIRE(answer);
  CHECK(answer->body == body);
  CHECK(answer->model == "gpt-4o-2024");
  CHECK(answer->usage == Usage{{10}, {5}, {4}, {2}, {3}, {0}, false});
}

TEST_CASE("usage is read in each provider's own spelling") {
  const auto usage = [](const std::string& json) {
    return openai().whole(request(), {}, {200, {}}, R"({"choices":[],)" + json + "}")->usage;
  };
  CHECK_FALSE(usage(R"("usage":null)"));
  CHECK(usage(R"("usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":8})")
            ->cached_read.count == 8);
  CHECK(usage(R"("usage":{"prompt_tokens":9,"completion_tokens":1,"cached_tokens":7})")->cached_read.count ==
        7);
  CHECK(
      usage(
          R"("usage":{"prompt_tokens":9,"completion_tokens":1,"num_cached_tokens":6,"prompt_tokens_details":null})")
          ->cached_read.count == 6);
  CHECK(usage(R"("x_groq":{"usage":{"prompt_tokens":9,"completion_tokens":1}})")->input.count == 9);
  const auto xai = usage(
      R"("usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":110,"completion_tokens_details":{"reasoning_tokens":100}})");
  CHECK(xai->output.count == 101);
  CHECK(xai->reasoning.count == 100);
  const auto odd = usage(
      R"("usage":{"prompt_tokens":5,"completion_tokens":-1,"prompt_tokens_details":{"cached_tokens":50}})");
  CHECK(odd->cached_read.count == 5);
  CHECK(odd->output.count == 0);
}

TEST_CASE("a 200 that is no answer is a failure") {
  const auto fault = [](const std::string& body) {
    return openai().whole(request(), {}, {200, {}}, body).error().fault;
  };
  CHECK(fault("") == Fault::provider_stream_malformed);
  CHECK(fault("<html>") == Fault::provider_stream_malformed);
  CHECK(fault("[]") == Fault::provider_stream_malformed);
  CHECK(fault(R"({"choices":[{}]} trailing)") == Fault::provider_stream_malformed);
  CHECK(fault("{}") == Fault::provider_server_error);
  CHECK(fault(R"({"error":{"message":"no","code":429},"choices":[]})") ==
        Fault::provider_rate_limited_requests);
}
