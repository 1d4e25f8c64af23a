// Recorded traffic of the Gemini API and of Vertex AI is understood, and survives the model.
#include "tests/gateway/dialects/support/recorded.hpp"
#include "gateway/dialects/gemini/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

using testing::words_of;

struct Tally {
  int requests = 0, answers = 0, streams = 0, errors = 0;
};

void check_request(const std::string& body, Tally& tally) {
  const auto asked = gemini::codec().decode_request(body);
  if (!asked) FAIL(asked.error().message);
  CHECK_FALSE(asked->messages.empty());
  const auto again = gemini::codec().encode_request(*asked, {"", "", false});
  REQUIRE(again);
  const auto twice = gemini::codec().decode_request(*again);
  REQUIRE(twice);
  CHECK(twice->messages == asked->messages);
  CHECK(*twice == *asked);
  ++tally.requests;
}

testing::Heard hear(const std::string& body, std::size_t piece) {
  return testing::hear(gemini::codec(), body, piece);
}

/// The words that a stream says, gathered without the codec.
std::string streamed_words(const std::string& body) {
  std::string out;
  for (std::size_t at = 0; (at = body.find("data:", at)) != body.npos; at += 5) {
    const auto chunk = Json::parse(body.substr(at + 5, body.find('\n', at) - at - 5), nullptr, false);
    if (chunk.is_discarded() || !chunk.contains("candidates")) continue;
    for (const auto& part :
         chunk["candidates"][0].value("content", Json::object()).value("parts", Json::array()))
      if (!part.value("thought", false)) out += text(part, "text");
  }
  return out;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto heard = hear(body, body.size());
  CHECK(heard == hear(body, 7));
  CHECK(heard == hear(body, 1));
  CHECK(words_of(heard.reply) == streamed_words(body));
  if (!heard.ended) {
    CHECK((heard.failure->kind == StreamFailure::Kind::error || body.find("\"finishReason\"") == body.npos));
    ++tally.errors;
    return;
  }
  const auto again = hear(testing::streamed(gemini::codec(), heard.reply), 4096);
  CHECK(words_of(again.reply) == words_of(heard.reply));
  CHECK(again.reply.finish == heard.reply.finish);
  CHECK(again.reply.usage == heard.reply.usage);
  ++tally.streams;
}

void check_answer(const std::string& body, Tally& tally) {
  const auto reply = gemini::codec().decode_reply(body);
  const auto from = Json::parse(body);
  if (from.is_object() && from.contains("error")) {
    CHECK_FALSE(reply);
    ++tally.errors;
    return;
  }
  if (!reply) FAIL(reply.error().message);
  const auto again = gemini::codec().decode_reply(gemini::codec().encode_reply(*reply, {}));
  REQUIRE(again);
  CHECK(words_of(*again) == words_of(*reply));
  CHECK(again->finish == reply->finish);
  CHECK(again->finish_detail == reply->finish_detail);
  CHECK(again->usage == reply->usage);
  ++tally.answers;
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& request = exchange["request"];
  const auto& response = exchange["response"];
  if (text(request, "url").find("enerateContent") == std::string::npos || response["status"] != 200) return;
  const auto body = text(response, "body");
  check_request(text(request, "body"), tally);
  if (body.starts_with("data:")) return check_stream(body, tally);
  check_answer(body, tally);
}

/// JSON, chunks line by line, or a stream.
void check_body(const testing::Loose& loose, Tally& tally) {
  const auto& body = loose.body;
  if (body.starts_with("data:") || loose.path.filename().string().find("streaming") != std::string::npos)
    return check_stream(body, tally);
  if (loose.path.extension() != ".json") return check_stream(testing::as_events(body, "\r\n"), tally);
  if (body.find("\"candidates\"") != body.npos || body.find("\"error\"") != body.npos)
    check_answer(body, tally);
}

}  // namespace

TEST_CASE("recorded traffic is understood and told again") {
  Tally tally;
  if (!testing::each_recording(
          {"gemini", "vertex"}, [&](const Json& one) { check_exchange(one, tally); },
          [&](const testing::Loose& one) { check_body(one, tally); }))
    return;
  CHECK(tally.requests > 40);
  CHECK(tally.answers > 40);
  CHECK(tally.streams > 40);
  CHECK(tally.errors > 5);
}
