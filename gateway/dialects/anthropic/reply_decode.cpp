#include "gateway/dialects/anthropic/decode.hpp"
#include "gateway/dialects/anthropic/usage.hpp"
#include "gateway/dialects/anthropic/words.hpp"

namespace troupe::dialects::anthropic {
namespace {

/// A block that is not what its type says is kept as it is.
void take_block(const Json& block, std::vector<Part>& into) {
  if (!block.is_object()) return;
  auto part = decode_block(block, "content");
  into.push_back(part ? std::move(*part) : Part{Opaque{Dialect::anthropic, block}});
}

std::string detail_of(const Json& message) {
  const auto* details = member(message, "stop_details");
  if (!details) return {};
  auto why = text(*details, "explanation");
  return why.empty() ? text(*details, "category") : why;
}

}  // namespace

Result<Reply> decode_reply(std::string_view body) {
  const auto from = read(body);
  const auto* content = member(from, "content");
  if (!content || !content->is_array() || text(from, "type") == "error") {
    return fail(Fault::provider_stream_malformed, "The provider's answer is no message.");
  }
  Reply out;
  out.id = text(from, "id");
  out.model = text(from, "model");
  for (const auto& block : *content) take_block(block, out.parts);
  join_call_seals(out.parts);
  place_citations(out.parts);
  out.finish = read_stop(text(from, "stop_reason"));
  out.stop_sequence = text(from, "stop_sequence");
  if (out.finish == Finish::filtered) out.finish_detail = detail_of(from);
  if (const auto* figures = member(from, "usage"); figures && figures->is_object()) {
    Tally tally;
    tally.take(*figures);
    out.usage = tally.usage();
    out.service_tier = text(*figures, "service_tier");
  }
  return out;
}

}  // namespace troupe::dialects::anthropic
