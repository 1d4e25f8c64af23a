// Recorded answers of every provider of this shape are understood; requests survive the model.
#include "tests/gateway/dialects/support/recorded.hpp"
#include "gateway/dialects/chat/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Tally {
  int requests = 0, answers = 0, streams = 0;
};

void check_stream(const std::string& body, Tally& tally) {
  const auto heard = testing::hear(chat::codec(), body, body.size());
  CHECK((heard.ended || heard.failure->kind == StreamFailure::Kind::error));
  ++tally.streams;
}

void check_exchange(const Json& exchange, Tally& tally) {
  const auto& request = exchange["request"];
  const auto& response = exchange["response"];
  const auto url = text(request, "url");
  if (url.find("/chat/completions") == url.npos || response["status"] != 200) return;
  const auto asked = chat::codec().decode_request(text(request, "body"));
  if (!asked) INFO(asked.error().message);
  REQUIRE(asked);
  const auto again = chat::codec().encode_request(*asked, {asked->model, "openai", false});
  REQUIRE(again);
  CHECK(chat::codec().decode_request(*again)->messages.size() >= asked->messages.size());
  ++tally.requests;
  auto body = text(response, "body");
  body.erase(0, body.find_first_not_of(' '));  // one recording begins with a blank
  const auto starts = [&](const char* with) { return body.starts_with(with); };
  if (starts("data:") || starts("event:") || starts(":")) return check_stream(body, tally);
  const auto reply = chat::codec().decode_reply(body);
  if (member(Json::parse(body), "error")) {  // Azure says so with status 200
    CHECK_FALSE(reply);
    return;
  }
  REQUIRE(reply);
  CHECK_FALSE(reply->model.empty());
  CHECK(reply->usage);
  ++tally.answers;
}

}  // namespace

TEST_CASE("recorded chat completions of every provider are understood") {
  Tally tally;
  if (!testing::each_recording(
          {""}, [&](const Json& one) { check_exchange(one, tally); }, [](const testing::Loose&) {}))
    return;
  CHECK(tally.requests > 100);
  CHECK(tally.streams > 20);
}
