#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/ollama/decode.hpp"
#include "gateway/dialects/ollama/stream_decode.hpp"

namespace troupe::dialects::ollama {

/// A whole answer is the last object of a stream with everything in it.
Result<Reply> decode_reply(std::string_view body) {
  doc::element root;
  Decoder decoder;
  Collector collector;
  // In one line, however it was laid out.
  if (doc::parse(body).get(root) == simdjson::SUCCESS) {
    decoder.feed(simdjson::minify(root), collector);
  } else {
    decoder.feed(body, collector);
  }
  decoder.close(collector);
  if (!decoder.ended)
    return fail(Fault::provider_stream_malformed, "The provider's answer is no chat response of Ollama's.");
  return collector.take();
}

}  // namespace troupe::dialects::ollama
