#include <utility>

#include "gateway/dialects/responses/citations.hpp"
#include "gateway/dialects/responses/encode.hpp"
#include "gateway/dialects/responses/items.hpp"
#include "gateway/dialects/responses/shape.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// The parts of an answer on their way into items.
class Writer {
 public:
  Writer(const Shape& shape, const Reply& reply) : shape_(shape), reply_(reply) {}
  std::string take();

  void operator()(const Text& part);
  void operator()(const Refusal& part);
  void operator()(const Reasoning& part);
  void operator()(const ToolCall& part);
  void operator()(const Opaque& part);
  void operator()(const Media&) {}
  void operator()(const ToolResult&) {}

 private:
  void begin_item();
  void begin_part();
  void flush();
  std::string id(std::string_view prefix) const { return item_id(prefix, shape_.id(), items_); }
  std::string logprobs();

  const Shape& shape_;
  const Reply& reply_;
  std::string out_, parts_;
  std::size_t items_ = 0;
  std::int64_t before_ = 0;  ///< bytes of text so far
  bool logprobs_said_ = false, refused_ = false;
};

void Writer::begin_item() {
  flush();
  if (items_ > 0) out_ += ',';
}

void Writer::begin_part() {
  if (!parts_.empty()) parts_ += ',';
}

void Writer::flush() {
  if (parts_.empty()) return;
  const auto parts = std::exchange(parts_, {});
  if (items_ > 0) out_ += ',';
  const bool cut = status_word(reply_.finish) == "incomplete";
  append_message(out_, id("msg"), cut ? "incomplete" : "completed", parts);
  ++items_;
}

/// The model has them for the whole answer: they go with its first text.
std::string Writer::logprobs() {
  const auto* list = member(reply_.logprobs, "content");
  if (std::exchange(logprobs_said_, true) || !list || !list->is_array()) return {};
  const auto text = dump(*list);
  return text.substr(1, text.size() - 2);
}

void Writer::operator()(const Text& part) {
  std::string annotations;
  Ruler ruler;
  for (const auto& citation : part.citations) {
    if (!annotations.empty()) annotations += ',';
    append_annotation(annotations, citation, {part.text, before_}, ruler);
  }
  begin_part();
  append_text_part(parts_, part.text, annotations, logprobs());
  before_ += static_cast<std::int64_t>(part.text.size());
}

void Writer::operator()(const Refusal& part) {
  begin_part();
  append_refusal_part(parts_, part.text);
  refused_ = true;
}

void Writer::operator()(const Reasoning& part) {
  const auto sealed = shape_.seals() && !part.signature.empty()
                          ? pack_seal({part.origin, part.signature, part.redacted, false})
                          : std::string();
  if (sealed.empty() && part.text.empty()) return;
  begin_item();
  const bool own = part.origin == Dialect::responses;
  const auto made = part.id.empty() ? id("rs") : part.id;
  append_reasoning(out_, {made, part.text, sealed, own && !part.summary});
  ++items_;
}

void Writer::operator()(const ToolCall& part) {
  if (!part.signature.empty() && shape_.seals()) {
    begin_item();
    append_reasoning(out_, {id("rs"), {}, pack_seal({Dialect::gemini, part.signature, false, true}), false});
    ++items_;
  }
  begin_item();
  const bool custom = part.custom || shape_.custom(part.name);
  const std::string_view arguments =
      part.arguments.empty() && !custom ? std::string_view("{}") : std::string_view(part.arguments);
  append_call(out_,
              {id(custom ? "ctc" : "fc"), part.id, part.name, arguments, part.signature, custom,
               shape_.space(part.name)},
              "completed");
  ++items_;
}

void Writer::operator()(const Opaque& part) {
  if (part.origin != Dialect::responses) return;
  begin_item();
  out_ += dump(part.json);
  ++items_;
}

std::string Writer::take() {
  for (const auto& part : reply_.parts) std::visit(*this, part.is);
  if (reply_.finish == Finish::filtered && !refused_ && !reply_.finish_detail.empty())
    (*this)(Refusal{reply_.finish_detail});
  flush();
  return std::move(out_);
}

}  // namespace

std::string encode_reply(const Reply& reply, const Framing& framing) {
  Shape shape(framing);
  shape.name(reply.id, reply.model, reply.created);
  const auto output = Writer(shape, reply).take();
  Moment moment;
  moment.finish = reply.finish;
  moment.output = output;
  moment.usage = reply.usage;
  moment.tier = reply.service_tier;
  const auto error = error_json("server_error", reply.finish_detail);
  if (reply.finish == Finish::failed) moment.error = error;
  std::string out;
  shape.append(out, moment);
  return out;
}

}  // namespace troupe::dialects::responses
