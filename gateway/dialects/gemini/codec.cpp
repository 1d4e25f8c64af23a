#include "gateway/dialects/gemini/codec.hpp"

#include "gateway/dialects/gemini/decode.hpp"
#include "gateway/dialects/gemini/encode.hpp"
#include "gateway/dialects/gemini/stream_decode.hpp"
#include "gateway/dialects/gemini/stream_encode.hpp"

namespace troupe::dialects::gemini {

const Codec& codec() {
  static const Codec the{decode_request,
                         encode_request,
                         decode_reply,
                         encode_reply,
                         [] { return std::unique_ptr<StreamDecoder>(std::make_unique<Decoder>()); },
                         [](const Framing& framing) {
                           return std::unique_ptr<StreamEncoder>(std::make_unique<Encoder>(framing));
                         }};
  return the;
}

}  // namespace troupe::dialects::gemini
