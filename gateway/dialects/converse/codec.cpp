#include "gateway/dialects/converse/codec.hpp"

#include "gateway/dialects/converse/decode.hpp"
#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/converse/stream_decode.hpp"
#include "gateway/dialects/converse/stream_encode.hpp"

namespace troupe::dialects::converse {
namespace {

std::unique_ptr<StreamDecoder> stream_decoder() {
  return std::make_unique<Decoder>();
}

std::unique_ptr<StreamEncoder> stream_encoder(const Framing&) {
  return std::make_unique<Encoder>();
}

}  // namespace

const Codec& codec() {
  static constexpr Codec kCodec{decode_request, encode_request, decode_reply,
                                encode_reply,   stream_decoder, stream_encoder};
  return kCodec;
}

}  // namespace troupe::dialects::converse
