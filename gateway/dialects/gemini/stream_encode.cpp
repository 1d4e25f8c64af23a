#include "gateway/dialects/gemini/stream_encode.hpp"
#include "gateway/dialects/seal.hpp"

#include "gateway/dialects/gemini/words.hpp"

namespace troupe::dialects::gemini {

Encoder::Encoder(const Framing& framing)
    : id_(framing.id), model_(framing.model), created_(framing.created) {}

void Encoder::begin(std::string_view id, std::string_view model, std::int64_t created) {
  append_head(head_, id.empty() ? id_ : id, model.empty() ? model_ : model, created > 0 ? created : created_);
}

void Encoder::open() {
  out += R"(data: {"candidates":[{"content":{"role":"model","parts":[)";
}

void Encoder::close() {
  out.append(R"(]},"index":0}])").append(head_).append("}\r\n\r\n");
}

void Encoder::text(std::string_view piece) {
  open();
  append_text(out, piece, false, {});
  close();
}

void Encoder::reasoning(std::string_view piece) {
  open();
  append_text(out, piece, true, {});
  close();
}

void Encoder::seal(Dialect origin, std::string_view signature, bool redacted) {
  open();
  append_text(out, {}, !redacted, write_seal(origin, signature, Dialect::gemini));
  close();
}

void Encoder::refusal(std::string_view piece) {
  text(piece);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                         std::string_view signature) {
  auto& call = calls_[ordinal];
  call.id = id;
  call.name = name;
  call.signature = signature;
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  if (const auto found = calls_.find(ordinal); found != calls_.end()) found->second.arguments.append(piece);
}

void Encoder::tool_end(std::size_t ordinal) {
  const auto found = calls_.find(ordinal);
  if (found == calls_.end()) return;
  open();
  append_call(out, found->second);
  close();
  calls_.erase(found);
}

void Encoder::citation(const Citation& citation) {
  tail_.citations.push_back(citation);
}

/// What only another dialect knows has no place here.
void Encoder::opaque(Dialect origin, std::string_view json) {
  if (origin != Dialect::gemini) return;
  open();
  out.append(json);
  close();
}

void Encoder::usage(const Usage& usage) {
  tail_.usage = usage;
}

void Encoder::finish(Finish finish, std::string_view, std::string_view detail) {
  tail_.finish = finish;
  tail_.detail = detail;
}

void Encoder::end() {
  open();
  out += "]}";
  append_tail(out, tail_);
  out.append(head_).append("}\r\n\r\n");
}

}  // namespace troupe::dialects::gemini
