// Streams, as the caller gets them.
#include "gateway/api/chat.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

/// A stream whose provider has begun to answer.
struct Stream {
  Stage stage;
  Wire provider, client;

  explicit Stream(const std::string& request = chat_request(R"(,"stream":true)"),
                  std::shared_ptr<config::Config> config = stage_config())
      : stage(std::move(config)), provider(stage.upstream()), client(stage.client()) {
    stage.desk.admission.permit = 5;
    stage.grant();
    client.send(request);
    stage.run();
  }
  const std::string& says(const std::string& text) {
    provider.send(text);
    stage.run();
    return client.read();
  }
};

TEST_CASE("frames reach the client as they come, and the end is said once") {
  Stream s;
  CHECK(s.says(stream_head()).empty());
  CHECK(has(s.says(delta("Hel")), "transfer-encoding: chunked"));
  CHECK(has(s.client.read(), "\"Hel\""));
  CHECK(s.stage.observer.streams == 1);
  CHECK(has(s.says(delta("lo")), "\"lo\""));
  const auto& text = s.says(stream_end());
  CHECK(has(text, "data: [DONE]"));
  CHECK(text.ends_with("0\r\n\r\n"));
  CHECK(s.stage.observer.streams == 0);
  CHECK(s.stage.observer.records.at(0).usage.output.count == 3);
  CHECK_FALSE(s.client.over());
}

TEST_CASE("a stream that is cut ends in an error event, and never as a whole") {
  Stream s;
  s.says(stream_head() + delta("Hel"));
  s.provider.close();
  s.stage.run();
  const auto& text = s.client.read();
  CHECK(has(text, "data: {\"error\":"));
  CHECK(has(text, "provider_stream_cut"));
  CHECK_FALSE(has(text, "[DONE]"));
  CHECK_FALSE(text.ends_with("0\r\n\r\n"));
  CHECK(s.client.over());
  CHECK(s.stage.desk.asked.size() == 1);
  CHECK(s.stage.observer.records.at(0).fault == Fault::provider_stream_cut);
}

TEST_CASE("before the first content a cut stream goes to another key") {
  Stream s;
  auto other = s.stage.upstream(1);
  s.stage.grant(1);
  s.says(stream_head());
  s.provider.close();
  s.stage.run();
  CHECK(s.client.read().empty());
  other.send(stream_head() + delta("Hi") + stream_end());
  s.stage.run();
  CHECK(has(s.client.read(), "x-troupe-provider: two"));
  CHECK(has(s.client.read(), "[DONE]"));
}

TEST_CASE("a client of HTTP/1.0 gets the frames bare, and the end by the close") {
  auto request = chat_request(R"(,"stream":true)");
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  Stream s(request);
  s.says(stream_head() + delta("Hi"));
  const auto& text = s.says(stream_end());
  CHECK_FALSE(has(text, "transfer-encoding"));
  CHECK(text.ends_with("data: [DONE]\n\n"));
  CHECK(s.client.over());
}

TEST_CASE("a client that leaves inside a stream ends the provider's work") {
  Stream s;
  s.says(stream_head() + delta("Hi"));
  s.client.close();
  s.stage.run();
  CHECK(s.provider.over());
  CHECK(s.stage.desk.settled.at(0).second.fault == Fault::caller_gone);
  CHECK(s.stage.observer.streams == 0);
}

TEST_CASE("a provider is not read while its client takes nothing, and is not blamed for it") {
  Stream s;
  s.says(stream_head() + delta("begin"));
  const auto much = delta(std::string(60'000, 'x'));
  std::size_t sent = 0;
  for (int i = 0; i < 100; ++i) {
    try {
      s.provider.send(much);
    } catch (const std::runtime_error&) {
      break;
    }
    sent += much.size();
    s.stage.run();
    if (sent > 4'000'000) break;
  }
  CHECK(sent < 4'000'000);
  CHECK_FALSE(s.client.over());
  CHECK(s.stage.desk.settled.empty());
}

TEST_CASE("a stream that lasts lets its request cool, once for the key and once for the tenant") {
  Stream s(chat_as("tk", R"(,"stream":true)"),
           team_config([](config::Tenant& tenant) { tenant.limits.rpm = 10; }));
  s.says(stream_head() + delta("a"));
  s.says(delta("b"));
  CHECK(s.stage.desk.begun_permits.empty());
  s.stage.clock.advance(1s);
  s.says(delta("c"));
  s.says(delta("d"));
  CHECK(s.stage.desk.begun_permits == std::vector<actors::PermitId>{1});
  CHECK(s.stage.desk.begun_tenants == std::vector<actors::PermitId>{5});
  s.says(stream_end());
  CHECK(s.stage.desk.tenants.size() == 1);
}

}  // namespace
}  // namespace troupe::api::testing
