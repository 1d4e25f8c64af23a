#include "gateway/dialects/responses/codec.hpp"

#include "gateway/dialects/responses/decode.hpp"
#include "gateway/dialects/responses/encode.hpp"
#include "gateway/dialects/responses/stream_decode.hpp"
#include "gateway/dialects/responses/stream_encode.hpp"

namespace troupe::dialects::responses {
namespace {

std::unique_ptr<StreamDecoder> make_decoder() {
  return std::make_unique<Decoder>();
}

std::unique_ptr<StreamEncoder> make_encoder(const Framing& framing) {
  return std::make_unique<Encoder>(framing);
}

}  // namespace

const Codec& codec() {
  static constexpr Codec kCodec{&decode_request, &encode_request, &decode_reply,
                                &encode_reply,   &make_decoder,   &make_encoder};
  return kCodec;
}

}  // namespace troupe::dialects::responses
