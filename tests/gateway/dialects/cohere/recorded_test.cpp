// Recorded traffic of Cohere's chat is understood, and survives the model.
#include "tests/gateway/dialects/support/recorded.hpp"

#include "gateway/dialects/cohere/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Tally {
  int requests = 0, answers = 0, streams = 0, thoughts = 0, calls = 0, citations = 0;
};

void check_request(const std::string& body, Tally& tally) {
  const auto asked = cohere::codec().decode_request(body);
  if (!asked) FAIL(asked.error().message);
  CHECK_FALSE(asked->messages.empty());
  const auto again = cohere::codec().encode_request(*asked, {asked->model, "", false});
  REQUIRE(again);
  const auto twice = cohere::codec().decode_request(*again);
  REQUIRE(twice);
  CHECK(twice->messages == asked->messages);
  CHECK(*twice == *asked);
  ++tally.requests;
}

/// Every citation rests on the very words that it quotes.
void check_parts(const Reply& reply, Tally& tally) {
  const auto words = testing::words_of(reply);
  for (const auto& part : reply.parts) {
    if (std::holds_alternative<Reasoning>(part.is)) ++tally.thoughts;
    if (std::holds_alternative<ToolCall>(part.is)) ++tally.calls;
    const auto* said = std::get_if<Text>(&part.is);
    if (!said) continue;
    for (const auto& one : said->citations) {
      ++tally.citations;
      const auto start = static_cast<std::size_t>(one.start), end = static_cast<std::size_t>(one.end);
      CHECK(words.substr(start, end - start) == one.quote);
    }
  }
}

void check_answer(const std::string& body, Tally& tally) {
  const auto reply = cohere::codec().decode_reply(body);
  if (!reply) FAIL(reply.error().message);
  const auto from = Json::parse(body);
  std::string words;
  for (const auto& part : from["message"].value("content", Json::array())) words += text(part, "text");
  CHECK(testing::words_of(*reply) == words + text(from["message"], "tool_plan"));
  CHECK(reply->finish != Finish::unknown);
  REQUIRE(reply->usage);
  CHECK(reply->usage->output.count == from["usage"]["tokens"]["output_tokens"]);
  const auto again = cohere::codec().decode_reply(cohere::codec().encode_reply(*reply, {}));
  REQUIRE(again);
  CHECK(*again == *reply);
  check_parts(*reply, tally);
  ++tally.answers;
}

/// The words that a stream says, gathered without the codec.
std::string streamed_words(const std::string& body) {
  std::string out;
  for (std::size_t at = 0; (at = body.find("data:", at)) != body.npos; at += 5) {
    const auto event = Json::parse(body.substr(at + 5, body.find('\n', at) - at - 5), nullptr, false);
    const auto message = event.is_object() ? event.value("/delta/message"_json_pointer, Json()) : Json();
    if (!message.is_object()) continue;
    out += text(message, "tool_plan");
    if (const auto* content = member(message, "content")) out += text(*content, "text");
  }
  return out;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto heard = testing::hear(cohere::codec(), body, body.size());
  CHECK(heard == testing::hear(cohere::codec(), body, 7));
  CHECK(heard == testing::hear(cohere::codec(), body, 1));
  CHECK(heard.ended);
  CHECK(testing::words_of(heard.reply) == streamed_words(body));
  CHECK(heard.reply.finish != Finish::unknown);
  CHECK(heard.reply.usage);
  const auto again = testing::hear(cohere::codec(), testing::streamed(cohere::codec(), heard.reply), 4096);
  CHECK(again.reply == heard.reply);
  check_parts(heard.reply, tally);
  ++tally.streams;
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& request = exchange["request"];
  const auto body = text(exchange["response"], "body");
  if (!text(request, "url").ends_with("/v2/chat")) return;
  if (exchange["response"]["status"] != 200) {
    CHECK_FALSE(cohere::codec().decode_reply(body));
    return;
  }
  check_request(text(request, "body"), tally);
  body.starts_with("{") ? check_answer(body, tally) : check_stream(body, tally);
}

}  // namespace

TEST_CASE("recorded traffic is understood and told again") {
  Tally tally;
  const auto loose = [&](const testing::Loose& one) {
    one.path.extension() == ".json" ? check_answer(one.body, tally)
                                    : check_stream(testing::as_events(one.body), tally);
  };
  if (!testing::each_recording(
          {"cohere"}, [&](const Json& one) { check_exchange(one, tally); }, loose))
    return;
  CHECK(tally.requests > 20);
  CHECK(tally.answers > 15);
  CHECK(tally.streams > 5);
  CHECK(tally.thoughts > 3);
  CHECK(tally.calls > 5);
  CHECK(tally.citations > 5);
}
