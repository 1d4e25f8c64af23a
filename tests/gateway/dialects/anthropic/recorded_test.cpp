// Recorded traffic of the Messages API is understood, and survives the model.
#include "tests/gateway/dialects/support/recorded.hpp"
#include "gateway/dialects/anthropic/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Tally {
  int requests = 0, answers = 0, streams = 0;
};

void check_request(const std::string& body, Tally& tally) {
  const auto asked = anthropic::codec().decode_request(body);
  if (!asked) FAIL(asked.error().message);
  const auto again = anthropic::codec().encode_request(*asked, {asked->model, "", false});
  REQUIRE(again);
  const auto twice = anthropic::codec().decode_request(*again);
  REQUIRE(twice);
  auto expected = *asked;
  if (!expected.sampling.max_output) expected.sampling.max_output = 4096;
  CHECK(twice->messages == expected.messages);
  CHECK(*twice == expected);
  ++tally.requests;
}

Reply collected(const std::string& body, std::size_t piece) {
  const auto heard = testing::hear(anthropic::codec(), body, piece);
  CHECK(heard.ended);
  CHECK_FALSE(heard.failure);
  return heard.reply;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto reply = collected(body, body.size());
  CHECK_FALSE(reply.parts.empty());
  CHECK(reply.finish != Finish::unknown);
  CHECK(reply.usage);
  CHECK(reply == collected(body, 7));
  CHECK(collected(testing::streamed(anthropic::codec(), reply), 4096) == reply);
  ++tally.streams;
}

void check_answer(const std::string& body, Tally& tally) {
  const auto reply = anthropic::codec().decode_reply(body);
  REQUIRE(reply);
  CHECK(reply->finish != Finish::unknown);
  CHECK(reply->usage);
  const auto from = Json::parse(body), again = Json::parse(anthropic::codec().encode_reply(*reply, {}));
  for (const auto* name : {"id", "model", "stop_reason", "stop_sequence"})
    CHECK(from.value(name, Json()) == again[name]);
  CHECK(from["usage"]["input_tokens"] == again["usage"]["input_tokens"]);
  CHECK(from["usage"]["output_tokens"] == again["usage"]["output_tokens"]);
  REQUIRE(from["content"].size() == again["content"].size());
  for (std::size_t i = 0; i < from["content"].size(); ++i) {
    auto block = from["content"][i];
    if (block["type"] == "tool_use") block.erase("caller");  // "direct", which is what it is without
    CHECK(block == again["content"][i]);
  }
  ++tally.answers;
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& request = exchange["request"];
  const auto& response = exchange["response"];
  const auto asked = text(request, "body"), body = text(response, "body");
  if (response["status"] != 200 || text(request, "url").find("/messages") == std::string::npos) return;
  check_request(asked, tally);
  if (body.starts_with("event:")) return check_stream(body, tally);
  if (Json::parse(body).contains("content")) check_answer(body, tally);
}

/// JSON, event payloads line by line, or a stream.
void check_body(const testing::Loose& loose, Tally& tally) {
  const auto kind = loose.path.extension();
  if (kind == ".json") return check_answer(loose.body, tally);
  check_stream(kind == ".sse" ? loose.body : testing::as_events(loose.body), tally);
}

}  // namespace

TEST_CASE("recorded messages are understood and told again") {
  Tally tally;
  if (!testing::each_recording(
          {"anthropic"}, [&](const Json& one) { check_exchange(one, tally); },
          [&](const testing::Loose& one) { check_body(one, tally); }))
    return;
  CHECK(tally.requests > 40);
  CHECK(tally.answers > 20);
  CHECK(tally.streams > 20);
}
