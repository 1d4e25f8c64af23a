// Recorded traffic of Bedrock's Converse is understood, and survives the model.
#include <sstream>

#include "gateway/dialects/base64.hpp"
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/converse/codec.hpp"
#include "gateway/dialects/converse/stream_decode.hpp"
#include "gateway/dialects/converse/words.hpp"
#include "tests/gateway/dialects/support/hear.hpp"
#include "tests/gateway/dialects/support/recorded.hpp"

using namespace troupe;
using namespace troupe::dialects;
using converse::codec;

namespace {

struct Tally {
  int requests = 0, answers = 0, streams = 0;
};

void check_request(const std::string& body, Tally& tally) {
  const auto asked = codec().decode_request(body);
  if (!asked) FAIL(asked.error().message);
  const auto again = codec().encode_request(*asked, {"", "", false});
  REQUIRE(again);
  const auto twice = codec().decode_request(*again);
  REQUIRE(twice);
  CHECK(*twice == *asked);
  for (const auto& message : asked->messages) {
    for (const auto& part : message.parts) {
      const auto* own = std::get_if<Opaque>(&part.is);
      CHECK((!own || own->json.contains("guardContent") || own->json.contains("document")));
    }
  }
  ++tally.requests;
}

void check_answer(const std::string& body, Tally& tally) {
  const auto reply = codec().decode_reply(body);
  REQUIRE(reply);
  CHECK(reply->usage);
  const auto again = codec().decode_reply(codec().encode_reply(*reply, {}));
  REQUIRE(again);
  CHECK(*again == *reply);
  CHECK(reply->finish != Finish::unknown);
  ++tally.answers;
}

Reply collected(const std::string& body, std::size_t piece) {
  const auto heard = testing::hear(codec(), body, piece);
  CHECK(heard.ended);
  CHECK_FALSE(heard.failure);
  return heard.reply;
}

/// Neighbouring texts are one in a collected answer: played again, its citations rest on all of it.
Reply placeless(Reply reply) {
  for (auto& part : reply.parts) {
    auto* said = std::get_if<Text>(&part.is);
    if (!said) continue;
    for (auto& citation : said->citations) citation.start = citation.end = 0;
  }
  return reply;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto reply = collected(body, body.size());
  CHECK_FALSE(reply.parts.empty());
  CHECK(reply.finish != Finish::unknown);
  CHECK(reply.usage);
  CHECK(reply == collected(body, 7));
  CHECK(placeless(collected(testing::streamed(codec(), reply), 4096)) == placeless(reply));
  ++tally.streams;
}

/// Event payloads line by line, each in an object under its event's name.
void check_lines(const std::string& body, Tally& tally) {
  std::istringstream in(body);
  converse::Decoder decoder;
  Collector collector;
  for (std::string line; std::getline(in, line);) {
    const auto event = read(line);
    if (!event.is_object()) continue;
    for (const auto& [type, payload] : event.items()) decoder.take("event", type, dump(payload), collector);
  }
  decoder.close(collector);
  CHECK(decoder.ended);
  CHECK_FALSE(collector.reply().parts.empty());
  ++tally.streams;
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& response = exchange["response"];
  if (response["status"] != 200 || text(exchange["request"], "url").find("/converse") == std::string::npos)
    return;
  check_request(text(exchange["request"], "body"), tally);
  const auto framed = text(response, "body_base64");
  framed.empty() ? check_answer(text(response, "body"), tally) : check_stream(from_base64(framed), tally);
}

void check_body(const testing::Loose& loose, Tally& tally) {
  if (loose.path.extension() == ".txt") return check_lines(loose.body, tally);
  if (Json::parse(loose.body, nullptr, false).contains("output")) check_answer(loose.body, tally);
}

}  // namespace

TEST_CASE("recorded conversations are understood and told again") {
  Tally tally;
  if (!testing::each_recording(
          {"bedrock"}, [&](const Json& one) { check_exchange(one, tally); },
          [&](const testing::Loose& one) { check_body(one, tally); }))
    return;
  CHECK(tally.requests > 40);
  CHECK(tally.answers > 20);
  CHECK(tally.streams > 15);
}
