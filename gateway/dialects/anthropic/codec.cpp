#include "gateway/dialects/anthropic/codec.hpp"

#include <fmt/format.h>

#include "gateway/dialects/anthropic/decode.hpp"
#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/anthropic/stream_decode.hpp"
#include "gateway/dialects/anthropic/stream_encode.hpp"

namespace troupe::dialects::anthropic {
namespace {

std::unique_ptr<StreamDecoder> stream_decoder() {
  return std::make_unique<Decoder>();
}

std::unique_ptr<StreamEncoder> stream_encoder(const Framing& framing) {
  return std::make_unique<Encoder>(framing);
}

}  // namespace

const Codec& codec() {
  static constexpr Codec kCodec{decode_request, encode_request, decode_reply,
                                encode_reply,   stream_decoder, stream_encoder};
  return kCodec;
}

std::string count_tokens_body(Tokens input) {
  return fmt::format(R"({{"input_tokens":{}}})", input.count);
}

}  // namespace troupe::dialects::anthropic
