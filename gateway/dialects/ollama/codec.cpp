#include "gateway/dialects/ollama/codec.hpp"

#include "gateway/dialects/ollama/decode.hpp"
#include "gateway/dialects/ollama/encode.hpp"
#include "gateway/dialects/ollama/stream_decode.hpp"
#include "gateway/dialects/ollama/stream_encode.hpp"

namespace troupe::dialects::ollama {

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

}  // namespace troupe::dialects::ollama
