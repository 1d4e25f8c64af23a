// Any bytes as a stream, a request and an answer of the Responses API: a stream in any pieces says the same,
// what was understood can be told again, and that is understood.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/responses/codec.hpp"

namespace {

using namespace troupe::dialects;

struct Heard {
  Reply reply;
  bool ended = false;
};

Heard hear(std::string_view text, std::size_t piece) {
  const auto decoder = responses::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string copy(text.substr(at, piece));
    decoder->feed(copy, collector);
  }
  decoder->close(collector);
  if (decoder->ended == decoder->failure.has_value()) std::abort();
  if (decoder->ended != collector.whole()) std::abort();
  return {collector.take(), decoder->ended};
}

void try_stream(std::string_view text, std::size_t piece) {
  const auto whole = hear(text, text.size() + 1), cut = hear(text, piece);
  if (whole.ended != cut.ended || !(whole.reply == cut.reply)) std::abort();
  const auto encoder = responses::codec().stream_encoder({});
  play(whole.reply, *encoder);
  if (!hear(encoder->out, 100).ended) std::abort();
}

void try_bodies(std::string_view text) {
  if (const auto talk = responses::codec().decode_request(text)) {
    const auto body = responses::codec().encode_request(*talk, {talk->model, "", false});
    if (body && !responses::codec().decode_request(*body)) std::abort();
  }
  if (const auto reply = responses::codec().decode_reply(text)) {
    const auto body = responses::codec().encode_reply(*reply, {});
    const auto again = responses::codec().decode_reply(body);
    if (!again && !reply->parts.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (data[0] == '{') {
    try_bodies(all);
  } else {
    try_stream(all.substr(1), 1 + data[0] % 64);
  }
  return 0;
}
