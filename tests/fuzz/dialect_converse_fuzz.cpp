// Any bytes as a ConverseStream, a request and an answer: a stream cut anywhere says the same, what was
// understood can be told again, and that is understood. Lines "type payload" are framed first, so that the
// fuzzer need not find checksums.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/cloud/event_stream.hpp"
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/converse/codec.hpp"

namespace {

using namespace troupe;
using namespace troupe::dialects;

struct Heard {
  Reply reply;
  bool ended = false;
};

Heard hear(std::string_view bytes, std::size_t piece) {
  const auto decoder = converse::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string copy(bytes.substr(at, piece));
    decoder->feed(copy, collector);
  }
  decoder->close(collector);
  if (decoder->ended == decoder->failure.has_value()) std::abort();
  if (decoder->ended != collector.whole()) std::abort();
  return {collector.take(), decoder->ended};
}

void try_stream(std::string_view bytes, std::size_t piece) {
  const auto whole = hear(bytes, bytes.size() + 1), cut = hear(bytes, piece);
  if (whole.ended != cut.ended || !(whole.reply == cut.reply)) std::abort();
  const auto encoder = converse::codec().stream_encoder({});
  play(whole.reply, *encoder);
  if (!hear(encoder->out, 100).ended) std::abort();
}

std::string framed(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const auto space = std::min(line.find(' '), line.size());
    out += cloud::encode_event(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
    at = end + 1;
  }
  return out;
}

void try_bodies(std::string_view text) {
  if (const auto talk = converse::codec().decode_request(text)) {
    const auto body = converse::codec().encode_request(*talk, {"", "", false});
    if (body && !converse::codec().decode_request(*body)) std::abort();
  }
  if (const auto reply = converse::codec().decode_reply(text)) {
    if (!converse::codec().decode_reply(converse::codec().encode_reply(*reply, {}))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] == '{') {
    try_bodies({reinterpret_cast<const char*>(data), size});
  } else if (data[0] % 2 == 0) {
    try_stream(text, 1 + data[0] % 64);
  } else {
    try_stream(framed(text), 1 + data[0] % 64);
  }
  return 0;
}
