// Recorded traffic of Ollama's own chat is understood, and survives the model.
#include "tests/gateway/dialects/support/recorded.hpp"

#include <sstream>

#include "gateway/dialects/ollama/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Tally {
  int requests = 0, answers = 0, streams = 0, thoughts = 0, calls = 0, errors = 0;
};

void check_request(const std::string& body, Tally& tally) {
  const auto asked = ollama::codec().decode_request(body);
  if (!asked) FAIL(asked.error().message);
  CHECK_FALSE(asked->messages.empty());
  const auto again = ollama::codec().encode_request(*asked, {asked->model, "", false});
  REQUIRE(again);
  const auto twice = ollama::codec().decode_request(*again);
  REQUIRE(twice);
  CHECK(*twice == *asked);
  ++tally.requests;
}

void count(const Reply& reply, Tally& tally) {
  for (const auto& part : reply.parts) {
    if (std::holds_alternative<Reasoning>(part.is)) ++tally.thoughts;
    if (std::holds_alternative<ToolCall>(part.is)) ++tally.calls;
  }
}

/// What the lines say, gathered without the codec.
std::string plain_words(const std::string& body) {
  std::istringstream lines(body);
  std::string line, out;
  while (std::getline(lines, line)) {
    const auto object = Json::parse(line, nullptr, false);
    if (const auto* message = member(object, "message")) out += text(*message, "content");
  }
  return out;
}

void check_answer(const std::string& body, Tally& tally) {
  const auto reply = ollama::codec().decode_reply(body);
  if (!reply) FAIL(reply.error().message);
  CHECK(testing::words_of(*reply) == plain_words(Json::parse(body).dump()));
  CHECK(reply->finish != Finish::unknown);
  CHECK(reply->usage);
  CHECK(reply->created > 0);
  const auto again = ollama::codec().decode_reply(ollama::codec().encode_reply(*reply, {}));
  REQUIRE(again);
  CHECK(*again == *reply);
  count(*reply, tally);
  ++tally.answers;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto heard = testing::hear(ollama::codec(), body, body.size());
  CHECK(heard == testing::hear(ollama::codec(), body, 7));
  CHECK(heard == testing::hear(ollama::codec(), body, 1));
  CHECK(heard.ended);
  CHECK(testing::words_of(heard.reply) == plain_words(body));
  CHECK(heard.reply.finish != Finish::unknown);
  const auto again = testing::hear(ollama::codec(), testing::streamed(ollama::codec(), heard.reply), 4096);
  CHECK(again.reply == heard.reply);
  count(heard.reply, tally);
  ++tally.streams;
}

void check_body(const std::string& body, Tally& tally) {
  const auto object = Json::parse(body, nullptr, false);
  if (object.is_discarded()) return check_stream(body, tally);
  if (object.contains("message")) check_answer(body, tally);
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& request = exchange["request"];
  const auto body = text(exchange["response"], "body");
  if (!text(request, "url").ends_with("/api/chat")) return;
  check_request(text(request, "body"), tally);
  if (exchange["response"]["status"] == 200) return check_body(body, tally);
  CHECK_FALSE(ollama::codec().decode_reply(body));
  ++tally.errors;
}

}  // namespace

TEST_CASE("recorded traffic is understood and told again") {
  Tally tally;
  if (!testing::each_recording(
          {"ollama"}, [&](const Json& one) { check_exchange(one, tally); },
          [&](const testing::Loose& one) { check_body(one.body, tally); }))
    return;
  CHECK(tally.requests > 3);
  CHECK(tally.answers > 4);
  CHECK(tally.streams > 5);
  CHECK(tally.thoughts > 1);
  CHECK(tally.calls > 4);
  CHECK(tally.errors > 0);
}
