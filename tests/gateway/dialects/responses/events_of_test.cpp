#include "tests/gateway/dialects/responses/events_of.hpp"

#include "gateway/dialects/responses/codec.hpp"
#include "gateway/dialects/sse.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {

std::vector<Json> events_of(std::string_view stream) {
  std::vector<Json> out;
  SseSplitter splitter;
  splitter.push(stream);
  while (const auto frame = splitter.next()) {
    out.push_back(Json::parse(frame->data));
    CHECK(out.back()["type"] == std::string(frame->event));
  }
  CHECK_FALSE(splitter.finish());
  return out;
}

std::vector<std::string> types_of(const std::vector<Json>& events) {
  std::vector<std::string> out;
  for (const auto& event : events) out.push_back(event["type"]);
  return out;
}

Heard hear(std::string_view stream, std::size_t piece) {
  Collector collector;
  const auto decoder = codec().stream_decoder();
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    const std::string copy(stream.substr(at, piece));
    decoder->feed(copy, collector);
  }
  decoder->close(collector);
  CHECK(decoder->ended == collector.whole());
  return {collector.take(), decoder->ended, decoder->failure};
}

}  // namespace troupe::dialects::responses

TEST_CASE("events of a stream are taken apart by their frames") {
  const auto events = troupe::dialects::responses::events_of("event: a\ndata: {\"type\":\"a\"}\n\n");
  CHECK(troupe::dialects::responses::types_of(events) == std::vector<std::string>{"a"});
}
