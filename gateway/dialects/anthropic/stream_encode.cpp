#include "gateway/dialects/anthropic/stream_encode.hpp"
#include "gateway/dialects/seal.hpp"

#include <fmt/format.h>

#include "gateway/dialects/anthropic/words.hpp"

namespace troupe::dialects::anthropic {

Encoder::Encoder(const Framing& framing)
    : id_(message_id("", framing)), model_(framing.model), expected_(framing.input_estimate) {}

void Encoder::begin(std::string_view id, std::string_view model, std::int64_t) {
  if (started_) return;
  Framing mine;
  mine.id = id_;
  id_ = message_id(id, mine);
  if (!model.empty()) model_ = model;
}

/// The last thing that waits when it is of this kind, else a new one.
template <class T>
std::string& Encoder::waiting_text() {
  if (later_.empty() || !std::holds_alternative<T>(later_.back())) later_.emplace_back(T{});
  return std::get<T>(later_.back()).text;
}

void Encoder::text(std::string_view piece) {
  if (piece.empty()) return;
  if (busy()) {
    waiting_text<Words>() += piece;
  } else {
    write_text(piece);
  }
}

void Encoder::reasoning(std::string_view piece) {
  if (piece.empty()) return;
  if (busy()) {
    waiting_text<Thought>() += piece;
  } else {
    write_thought(piece);
  }
}

void Encoder::refusal(std::string_view piece) {
  refused_ = true;
  text(piece);
}

void Encoder::seal(Dialect origin, std::string_view signature, bool redacted) {
  Sealed sealed{write_seal(origin, signature, Dialect::anthropic), redacted};
  if (busy()) {
    later_.emplace_back(std::move(sealed));
  } else {
    write(sealed);
  }
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                         std::string_view signature) {
  Call call;
  call.ordinal = ordinal;
  call.id = call_id(id, id_, calls_++);
  call.name = name;
  call.signature = signature;
  if (busy()) {
    later_.emplace_back(std::move(call));
  } else {
    write(call);
  }
}

Encoder::Call* Encoder::waiting_call(std::size_t ordinal) {
  for (auto& one : later_) {
    if (auto* call = std::get_if<Call>(&one); call && call->ordinal == ordinal) return call;
  }
  return nullptr;
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  if (busy() && ordinal_ == ordinal) {
    write_arguments(piece);
  } else if (auto* call = waiting_call(ordinal)) {
    call->arguments += piece;
  }
}

void Encoder::tool_end(std::size_t ordinal) {
  if (busy() && ordinal_ == ordinal) {
    close_block();
    write_waiting();
  } else if (auto* call = waiting_call(ordinal)) {
    call->ended = true;
  }
}

void Encoder::citation(const Citation& citation) {
  if (busy()) {
    later_.emplace_back(citation);
  } else {
    write(citation);
  }
}

void Encoder::opaque(Dialect origin, std::string_view json) {
  if (origin != Dialect::anthropic) return;
  if (busy()) {
    later_.emplace_back(Own{std::string(json)});
  } else {
    write(Own{std::string(json)});
  }
}

void Encoder::usage(const Usage& usage) {
  usage_ = usage;
}

void Encoder::finish(Finish finish, std::string_view stop_sequence, std::string_view detail) {
  finish_ = finish;
  sequence_ = stop_sequence;
  detail_ = detail;
}

/// What waited is written until a call opens that has not ended.
void Encoder::write_waiting() {
  while (!later_.empty() && !busy()) {
    const auto next = std::move(later_.front());
    later_.pop_front();
    std::visit([this](const auto& one) { write(one); }, next);
  }
}

}  // namespace troupe::dialects::anthropic
