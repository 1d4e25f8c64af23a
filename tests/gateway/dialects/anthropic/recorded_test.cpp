// Recorded traffic of the Messages API is understood, and survives the model.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/dialects/anthropic/codec.hpp"
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
  const auto decoder = anthropic::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const auto bytes = body.substr(at, piece);
    decoder->feed(bytes, collector);
  }
  decoder->close(collector);
  CHECK(decoder->ended);
  CHECK_FALSE(decoder->failure);
  return collector.reply();
}

void check_stream(const std::string& body, Tally& tally) {
  const auto reply = collected(body, body.size());
  CHECK_FALSE(reply.parts.empty());
  CHECK(reply.finish != Finish::unknown);
  CHECK(reply.usage);
  CHECK(reply == collected(body, 7));
  const auto encoder = anthropic::codec().stream_encoder({});
  play(reply, *encoder);
  CHECK(collected(encoder->out, 4096) == reply);
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

/// Response bodies alone: JSON, event payloads line by line, or a stream.
void check_body(const fs::path& path, const std::string& text, Tally& tally) {
  if (path.extension() == ".json") return check_answer(text, tally);
  if (path.extension() == ".sse") return check_stream(text, tally);
  std::string stream;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) stream += "data: " + text.substr(at, end - at) + "\n\n";
    at = end + 1;
  }
  check_stream(stream, tally);
}

std::string slurp(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("recorded messages are understood and told again") {
  const auto folder = recordings() / "anthropic";
  if (!fs::exists(folder)) {
    WARN("skipped: no recordings at TROUPE_FIXTURES");
    return;
  }
  Tally tally;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path().filename().string());
    const auto text = slurp(entry.path());
    const auto file = Json::parse(text, nullptr, false);
    if (!file.is_object() || !file.contains("exchanges")) {
      check_body(entry.path(), text, tally);
      continue;
    }
    for (const auto& exchange : file["exchanges"]) check_exchange(exchange, tally);
  }
  CHECK(tally.requests > 40);
  CHECK(tally.answers > 20);
  CHECK(tally.streams > 20);
}
