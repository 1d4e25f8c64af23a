#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/gemini/chunk.hpp"
#include "gateway/dialects/gemini/decode.hpp"

namespace troupe::dialects::gemini {
namespace {

tl::unexpected<Error> malformed() {
  return fail(Fault::provider_stream_malformed, "The provider's answer is no generateContent response.");
}

}  // namespace

/// The chunks of a stream that was not asked for as events come as an array.
Result<Reply> decode_reply(std::string_view body) {
  doc::element value;
  doc::object object, error;
  doc::array list;
  ChunkReader chunks;
  Collector collector;
  if (doc::parse(body).get(value) != simdjson::SUCCESS) return malformed();
  if (value.get(object) == simdjson::SUCCESS) {
    if (object["error"].get(error) == simdjson::SUCCESS || !chunks.take(object, collector))
      return malformed();
  } else if (value.get(list) == simdjson::SUCCESS) {
    for (const auto item : list) {
      if (item.get(object) != simdjson::SUCCESS || object["error"].get(error) == simdjson::SUCCESS)
        return malformed();
      chunks.take(object, collector);
    }
  }
  if (!chunks.begun()) return malformed();
  chunks.complete(collector);
  auto reply = collector.take();
  reply.service_tier = chunks.service_tier();
  return reply;
}

}  // namespace troupe::dialects::gemini
