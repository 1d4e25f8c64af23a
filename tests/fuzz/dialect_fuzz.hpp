#pragma once
// What holds of any bytes in any dialect: a stream says the same in pieces of any size, what was understood
// can be told again, and that is understood. A failed check aborts, which is how libFuzzer hears of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/collector.hpp"

namespace troupe::dialects::fuzz {

struct Heard {
  Reply reply;
  bool ended = false;
};

inline Heard hear(const Codec& codec, std::string_view bytes, std::size_t piece) {
  const auto decoder = codec.stream_decoder();
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

inline void try_stream(const Codec& codec, std::string_view bytes, std::size_t piece) {
  const auto whole = hear(codec, bytes, bytes.size() + 1), cut = hear(codec, bytes, piece);
  if (whole.ended != cut.ended || !(whole.reply == cut.reply)) std::abort();
  const auto encoder = codec.stream_encoder({});
  play(whole.reply, *encoder);
  if (!hear(codec, encoder->out, 100).ended) std::abort();
}

/// `may_be_empty`: an answer without parts need not be understood again.
inline void try_bodies(const Codec& codec, std::string_view text, bool may_be_empty) {
  if (const auto talk = codec.decode_request(text)) {
    const auto body = codec.encode_request(*talk, {talk->model, "", false});
    if (body && !codec.decode_request(*body)) std::abort();
  }
  if (const auto reply = codec.decode_reply(text)) {
    const bool again = codec.decode_reply(codec.encode_reply(*reply, {})).has_value();
    if (!again && !(may_be_empty && reply->parts.empty())) std::abort();
  }
}

/// A JSON object is a request and an answer; the first byte of a stream says how it is cut. `framed`, where
/// there is one, makes frames of every other input, so that the fuzzer need not find checksums.
inline int try_all(const Codec& codec, const std::uint8_t* data, std::size_t size, bool may_be_empty = false,
                   std::string (*framed)(std::string_view text) = nullptr) {
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto piece = std::size_t{1} + data[0] % 64;
  if (data[0] == '{') {
    try_bodies(codec, all, may_be_empty);
  } else if (framed != nullptr && data[0] % 2 == 1) {
    try_stream(codec, framed(all.substr(1)), piece);
  } else {
    try_stream(codec, all.substr(1), piece);
  }
  return 0;
}

}  // namespace troupe::dialects::fuzz
