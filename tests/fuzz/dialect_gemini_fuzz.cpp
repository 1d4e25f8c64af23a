// Any bytes as a stream, a request and an answer of generateContent: a stream cut anywhere says the same,
// what was understood can be told again, and that is understood.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/gemini/codec.hpp"

namespace {

using namespace troupe::dialects;

struct Heard {
  Reply reply;
  bool ended = false;
};

Heard hear(std::string_view text, std::size_t piece) {
  const auto decoder = gemini::codec().stream_decoder();
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
  const auto encoder = gemini::codec().stream_encoder({});
  play(whole.reply, *encoder);
  if (!hear(encoder->out, 100).ended) std::abort();
}

void try_bodies(std::string_view text) {
  if (const auto talk = gemini::codec().decode_request(text)) {
    const auto body = gemini::codec().encode_request(*talk, {talk->model, "", false});
    if (body && !gemini::codec().decode_request(*body)) std::abort();
  }
  if (const auto reply = gemini::codec().decode_reply(text)) {
    if (!gemini::codec().decode_reply(gemini::codec().encode_reply(*reply, {}))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] == '{') {
    try_bodies({reinterpret_cast<const char*>(data), size});
  } else {
    try_stream(text, 1 + data[0] % 64);
  }
  return 0;
}
