#pragma once
// Streams and whole answers by way of a codec, as every dialect's tests want them.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/collector.hpp"

namespace troupe::dialects::testing {

/// What a decoder made of a stream that was fed to it and closed.
struct Heard {
  Reply reply;
  bool ended = false;
  bool whole = false;  ///< the sink was told the end as well
  std::optional<StreamFailure> failure;
  /// Alike in all but the words of a failure.
  bool operator==(const Heard& other) const {
    return reply == other.reply && ended == other.ended && failure.has_value() == other.failure.has_value();
  }
};

/// `stream` in pieces of `piece` bytes. Each piece is gone after its call, so that views into it are found
/// out.
inline Heard hear(const Codec& codec, std::string_view stream, std::size_t piece) {
  const auto decoder = codec.stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    const std::string bytes(stream.substr(at, piece));
    decoder->feed(bytes, collector);
  }
  decoder->close(collector);
  const bool whole = collector.whole();
  return {collector.take(), decoder->ended, whole, decoder->failure};
}

/// `reply` as this dialect streams it.
inline std::string streamed(const Codec& codec, const Reply& reply) {
  const auto encoder = codec.stream_encoder({});
  play(reply, *encoder);
  return encoder->out;
}

/// All texts of an answer in one.
inline std::string words_of(const Reply& reply) {
  std::string out;
  for (const auto& part : reply.parts) {
    if (const auto* said = std::get_if<Text>(&part.is)) out += said->text;
  }
  return out;
}

}  // namespace troupe::dialects::testing
