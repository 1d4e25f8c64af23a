// Recorded answers of every provider of this shape are understood; requests survive the model.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/dialects/chat/codec.hpp"
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
namespace fs = std::filesystem;

namespace {

fs::path recordings() {
  if (const char* set = std::getenv("TROUPE_FIXTURES")) return fs::path(set) / "recorded";
  const char* source = std::getenv("TROUPE_SOURCE_DIR");
  return fs::path(source ? source : ".") / "../shared/fixtures/recorded";
}

struct Tally {
  int requests = 0, answers = 0, streams = 0;
};

void check_stream(const std::string& body, Tally& tally) {
  auto decoder = chat::codec().stream_decoder();
  Collector collector;
  decoder->feed(body, collector);
  decoder->close(collector);
  const bool error = decoder->failure && decoder->failure->kind == StreamFailure::Kind::error;
  CHECK((error || decoder->ended));
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
  if (!fs::exists(recordings())) {
    WARN("skipped: no recordings at TROUPE_FIXTURES");
    return;
  }
  Tally tally;
  for (const auto& entry : fs::recursive_directory_iterator(recordings())) {
    if (entry.path().extension() != ".json" || entry.path().parent_path().filename() == "response-only")
      continue;
    std::ifstream in(entry.path());
    const auto file = Json::parse(in, nullptr, false);
    if (!file.is_object() || !file.contains("exchanges")) continue;
    INFO(entry.path().filename().string());
    for (const auto& exchange : file["exchanges"]) check_exchange(exchange, tally);
  }
  CHECK(tally.requests > 100);
  CHECK(tally.streams > 20);
}
