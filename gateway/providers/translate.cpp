#include "gateway/providers/translate.hpp"

#include <fmt/format.h>

#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/responses/state.hpp"
#include "gateway/providers/calendar.hpp"
#include "gateway/providers/codecs.hpp"
#include "gateway/providers/faults.hpp"
#include "gateway/providers/streams.hpp"

namespace troupe::providers {
namespace {

using dialects::Dialect;

dialects::Framing framing_of(const dialects::Request& request, std::int64_t created = 0) {
  dialects::Framing framing;
  framing.id = request.id;
  framing.model = request.model;
  framing.created = request.created > 0 ? request.created : created;
  framing.input_estimate = request.input_estimate;
  framing.include_usage = request.include_usage;
  framing.asked = request.talk.get();
  return framing;
}

std::int64_t date_of(const AnswerHead& head) {
  const auto date = parse_http_date(head.find("date"));
  return date ? std::chrono::floor<std::chrono::seconds>(date->time_since_epoch()).count() : 0;
}

std::string splice(const dialects::Request& request, Dialect to, const dialects::Target& target) {
  if (to == Dialect::anthropic && target.flavour == "vertex") {
    const auto member = fmt::format("\"anthropic_version\":\"{}\"", dialects::anthropic::kVertexVersion);
    return dialects::splice_model_member(request, member);
  }
  return dialects::splice_request(request, target.model);
}

}  // namespace

Result<std::shared_ptr<const dialects::Conversation>> conversation_of(const dialects::Request& request) {
  if (request.talk) return request.talk;
  auto talk = codec(dialects::dialect_of(request.operation)).decode_request(request.body);
  if (!talk) return tl::unexpected<Error>(talk.error());
  request.talk = std::make_shared<const dialects::Conversation>(std::move(*talk));
  return request.talk;
}

Result<std::string> write_request(const dialects::Request& request, Dialect to,
                                  const dialects::Target& target) {
  if (dialects::dialect_of(request.operation) == to) return splice(request, to, target);
  const auto talk = conversation_of(request);
  if (!talk) return tl::unexpected<Error>(talk.error());
  if (auto error = dialects::responses::needs_native(**talk)) return tl::unexpected<Error>(std::move(*error));
  return codec(to).encode_request(**talk, target);
}

Result<std::string> write_conversation(const dialects::Request& request, Dialect to,
                                       const dialects::Target& target) {
  if (dialects::converses(request.operation)) return write_request(request, to, target);
  return fail(Fault::caller_bad_request,
              "This provider's models serve conversations only; use another model here.", "model",
              "unsupported_operation");
}

tl::unexpected<Error> no_answer(const AnswerHead& head, std::string_view body, std::string_view why) {
  const auto first = body.find_first_not_of(" \t\r\n");
  auto verdict =
      first != body.npos && body[first] == '{'
          ? read_failure(head, body)
          : stream_fault(Fault::provider_stream_malformed, "The provider's answer is no JSON object.");
  if (verdict.message.empty()) verdict.message = why;
  return fail(verdict.fault, std::move(verdict.message), std::move(verdict.param), std::move(verdict.code));
}

Result<WholeAnswer> read_whole(const dialects::Request& request, Dialect from, const AnswerHead& head,
                               std::string body) {
  const auto reply = codec(from).decode_reply(body);
  if (!reply) return no_answer(head, body, reply.error().message);
  WholeAnswer answer;
  answer.usage = reply->usage;
  answer.model = reply->model;
  const auto caller = dialects::dialect_of(request.operation);
  answer.body = caller == from ? std::move(body)
                               : codec(caller).encode_reply(*reply, framing_of(request, date_of(head)));
  return answer;
}

std::unique_ptr<StreamReader> read_stream(const dialects::Request& request, Dialect from) {
  auto decoder = codec(from).stream_decoder();
  if (const auto caller = dialects::dialect_of(request.operation); caller == from)
    return std::make_unique<SplicedStream>(std::move(decoder), caller, framing_of(request));
  return read_stream(request, std::move(decoder));
}

std::unique_ptr<StreamReader> read_stream(const dialects::Request& request,
                                          std::unique_ptr<dialects::StreamDecoder> decoder) {
  const auto caller = dialects::dialect_of(request.operation);
  return std::make_unique<TranslatedStream>(std::move(decoder),
                                            codec(caller).stream_encoder(framing_of(request)), caller);
}

}  // namespace troupe::providers
