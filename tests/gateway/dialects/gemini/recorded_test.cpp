// Recorded traffic of the Gemini API and of Vertex AI is understood, and survives the model.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/gemini/codec.hpp"
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

struct Heard {
  Reply reply;
  bool ended = false;
  std::optional<StreamFailure> failure;
  bool operator==(const Heard& other) const {
    return reply == other.reply && ended == other.ended && failure.has_value() == other.failure.has_value();
  }
};

Heard hear(const std::string& body, std::size_t piece) {
  const auto decoder = gemini::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const auto bytes = body.substr(at, piece);
    decoder->feed(bytes, collector);
  }
  decoder->close(collector);
  return {collector.take(), decoder->ended, decoder->failure};
}

/// The words that a stream says, gathered without the codec.
std::string words_of(const std::string& body) {
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

std::string words_of(const Reply& reply) {
  std::string out;
  for (const auto& part : reply.parts) {
    if (const auto* said = std::get_if<Text>(&part.is)) out += said->text;
  }
  return out;
}

void check_stream(const std::string& body, Tally& tally) {
  const auto heard = hear(body, body.size());
  CHECK(heard == hear(body, 7));
  CHECK(heard == hear(body, 1));
  CHECK(words_of(heard.reply) == words_of(body));
  if (!heard.ended) {
    CHECK((heard.failure->kind == StreamFailure::Kind::error || body.find("\"finishReason\"") == body.npos));
    ++tally.errors;
    return;
  }
  const auto encoder = gemini::codec().stream_encoder({});
  play(heard.reply, *encoder);
  const auto again = hear(encoder->out, 4096);
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

/// Response bodies alone: JSON, chunks line by line, or a stream.
void check_body(const fs::path& path, const std::string& body, Tally& tally) {
  const auto name = path.filename().string();
  if (body.starts_with("data:") || name.find("streaming") != std::string::npos)
    return check_stream(body, tally);
  if (path.extension() == ".json") {
    if (body.find("\"candidates\"") != body.npos || body.find("\"error\"") != body.npos)
      check_answer(body, tally);
    return;
  }
  std::string stream;
  std::size_t at = 0;
  while (at < body.size()) {
    const auto end = std::min(body.find('\n', at), body.size());
    if (end > at) stream += "data: " + body.substr(at, end - at) + "\r\n\r\n";
    at = end + 1;
  }
  check_stream(stream, tally);
}

std::string slurp(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("recorded traffic is understood and told again") {
  const auto folder = recordings();
  if (!fs::exists(folder / "gemini")) {
    WARN("skipped: no recordings at TROUPE_FIXTURES");
    return;
  }
  Tally tally;
  for (const auto* provider : {"gemini", "vertex"}) {
    for (const auto& entry : fs::recursive_directory_iterator(folder / provider)) {
      if (!entry.is_regular_file()) continue;
      INFO(entry.path().filename().string());
      const auto body = slurp(entry.path());
      const auto file = Json::parse(body, nullptr, false);
      if (!file.is_object() || !file.contains("exchanges")) {
        check_body(entry.path(), body, tally);
        continue;
      }
      for (const auto& exchange : file["exchanges"]) check_exchange(exchange, tally);
    }
  }
  CHECK(tally.requests > 40);
  CHECK(tally.answers > 40);
  CHECK(tally.streams > 40);
  CHECK(tally.errors > 5);
}
