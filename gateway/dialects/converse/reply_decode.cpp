#include "gateway/dialects/converse/decode.hpp"
#include "gateway/dialects/converse/usage.hpp"
#include "gateway/dialects/converse/words.hpp"

namespace troupe::dialects::converse {
namespace {

/// A result in an answer is that of one of Bedrock's own tools; a block that is not what it says is kept as
/// it is.
void take_block(const Json& block, std::vector<Part>& into) {
  if (!block.is_object()) return;
  auto part = decode_block(block, "content");
  const bool kept = !part || std::holds_alternative<ToolResult>(part->is);
  into.push_back(kept ? Part{Opaque{Dialect::converse, block}} : std::move(*part));
}

}  // namespace

Result<Reply> decode_reply(std::string_view body) {
  const auto from = read(body);
  const auto* output = member(from, "output");
  const auto* message = output ? member(*output, "message") : nullptr;
  const auto* content = message ? member(*message, "content") : nullptr;
  if (!content || !content->is_array())
    return fail(Fault::provider_stream_malformed, "The provider's answer is no message.");
  Reply out;
  for (const auto& block : *content) take_block(block, out.parts);
  place_citations(out.parts);
  const auto word = text(from, "stopReason");
  out.finish = read_stop(word);
  out.finish_detail = stop_detail(word);
  if (const auto* more = member(from, "additionalModelResponseFields"))
    out.stop_sequence = text(*more, "stop_sequence");
  if (const auto* figures = member(from, "usage"); figures && figures->is_object())
    out.usage = read_usage(*figures);
  if (const auto* tier = member(from, "serviceTier")) out.service_tier = text(*tier, "type");
  return out;
}

}  // namespace troupe::dialects::converse
