#include "gateway/dialects/cohere/decode.hpp"
#include "gateway/dialects/cohere/usage.hpp"
#include "gateway/dialects/cohere/words.hpp"

namespace troupe::dialects::cohere {
namespace {

tl::unexpected<Error> malformed() {
  return fail(Fault::provider_stream_malformed, "The provider's answer is no chat response of Cohere's.");
}

}  // namespace

/// Errors have a `message` too, but theirs is a text.
Result<Reply> decode_reply(std::string_view body) {
  const auto from = read(body);
  const auto* message = member(from, "message");
  if (!message || !message->is_object()) return malformed();
  auto parts = decode_assistant(*message, "message");
  if (!parts) return malformed();
  Reply out;
  out.id = text(from, "id");
  out.parts = std::move(*parts);
  const auto word = text(from, "finish_reason");
  out.finish = read_finish(word);
  if (out.finish == Finish::failed || out.finish == Finish::unknown) out.finish_detail = word;
  doc::object root;
  if (doc::parse(body).get(root) == simdjson::SUCCESS) out.usage = find_usage(root);
  return out;
}

}  // namespace troupe::dialects::cohere
