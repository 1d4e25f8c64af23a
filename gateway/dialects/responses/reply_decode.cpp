#include <fmt/format.h>
#include <utility>

#include "gateway/dialects/responses/decode.hpp"
#include "gateway/dialects/responses/usage.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// Items on their way into the parts of a reply.
class Reader {
 public:
  explicit Reader(Reply& reply) : reply_(reply) {}
  void add(const Json& item);
  bool calls() const { return calls_; }

 private:
  void add_message(const Json& item);
  void add_text(const Json& part);
  void add_call(const Json& item);

  Reply& reply_;
  std::string call_seal_;
  std::int64_t before_ = 0;
  bool calls_ = false;
};

void Reader::add_text(const Json& part) {
  Text said;
  said.text = text(part, "text");
  read_annotations(part, before_, said);
  before_ += static_cast<std::int64_t>(said.text.size());
  reply_.parts.push_back({std::move(said)});
  const auto* logprobs = member(part, "logprobs");
  if (!logprobs || !logprobs->is_array() || logprobs->empty()) return;
  if (reply_.logprobs.is_null()) reply_.logprobs = {{"content", Json::array()}, {"refusal", nullptr}};
  for (const auto& one : *logprobs) reply_.logprobs["content"].push_back(one);
}

void Reader::add_message(const Json& item) {
  const auto* content = member(item, "content");
  if (!content || !content->is_array()) return;
  for (const auto& part : *content) {
    const auto type = text(part, "type");
    if (type == "output_text" || type == "text") {
      add_text(part);
    } else if (type == "refusal") {
      reply_.parts.push_back({Refusal{text(part, "refusal")}});
    } else if (!type.empty()) {
      Json own = {{"type", "message"}, {"role", "assistant"}, {"content", Json::array({part})}};
      reply_.parts.push_back({Opaque{Dialect::responses, std::move(own)}});
    }
  }
}

void Reader::add_call(const Json& item) {
  auto call = read_call(item);
  if (call.id.empty()) call.id = text(item, "id");
  if (call.signature.empty()) call.signature = call_seal_;
  call_seal_.clear();
  reply_.parts.push_back({std::move(call)});
  calls_ = true;
}

void Reader::add(const Json& item) {
  const auto type = text(item, "type");
  if (type == "message") {
    add_message(item);
  } else if (type == "function_call" || type == "custom_tool_call") {
    add_call(item);
  } else if (type == "reasoning") {
    const auto packed = text(item, "encrypted_content");
    if (const auto seal = unpack_seal(packed); seal.of_call) {
      call_seal_ = seal.signature;
    } else if (auto thought = read_reasoning(item); !thought.text.empty() || !packed.empty()) {
      reply_.parts.push_back({std::move(thought)});
    }
  } else if (!type.empty()) {
    reply_.parts.push_back({Opaque{Dialect::responses, item}});
  }
}

tl::unexpected<Error> malformed(std::string why) {
  return fail(Fault::provider_stream_malformed, std::move(why));
}

}  // namespace

Result<Reply> decode_reply(std::string_view body) {
  const auto from = parse_body(body);
  if (!from.is_object()) return malformed("The provider's answer is no JSON object.");
  const auto* output = member(from, "output");
  const auto* error = member(from, "error");
  const bool empty = !output || !output->is_array() || output->empty();
  if (error && empty)
    return malformed(fmt::format("The provider answered with an error ({}).", text(*error, "code")));
  if (!output || !output->is_array()) return malformed("The provider's answer has no output.");

  Reply reply;
  reply.id = text(from, "id");
  reply.model = text(from, "model");
  reply.created = whole(from, "created_at").value_or(0);
  reply.service_tier = text(from, "service_tier");
  Reader reader(reply);
  for (const auto& item : *output) reader.add(item);
  const auto* details = member(from, "incomplete_details");
  const auto reason = details ? text(*details, "reason") : std::string();
  reply.finish = read_finish(text(from, "status"), reason, reader.calls());
  if (reply.finish == Finish::unknown) reply.finish_detail = reason;
  if (reply.finish == Finish::failed && error) reply.finish_detail = text(*error, "message");
  if (const auto* usage = member(from, "usage"); usage && usage->is_object())
    reply.usage = read_usage(*usage);
  return reply;
}

}  // namespace troupe::dialects::responses
