#include "gateway/providers/streams.hpp"

#include <algorithm>

#include "gateway/dialects/anthropic/errors.hpp"
#include "gateway/dialects/responses/failure.hpp"
#include "gateway/providers/faults.hpp"

namespace troupe::providers {
namespace {

Verdict verdict_of(const dialects::StreamFailure& failure) {
  using Kind = dialects::StreamFailure::Kind;
  if (failure.kind == Kind::cut)
    return stream_fault(Fault::provider_stream_cut, "The provider closed the stream before its end.");
  if (failure.kind == Kind::malformed)
    return stream_fault(Fault::provider_stream_malformed, "The provider sent an event that cannot be read.");
  return read_stream_error(failure.body, failure.status);
}

/// What was used until a break is our own count: the provider's comes at the end.
void give_up(StreamReader& reader, const dialects::StreamFailure& failure) {
  reader.failure = verdict_of(failure);
  if (!reader.usage) return;
  reader.usage->output = std::max(reader.usage->output, Tokens{reader.output_bytes / 4});
  reader.usage->estimated = true;
}

std::string error_event(const dialects::ErrorReport& report, dialects::Dialect caller) {
  return caller == dialects::Dialect::anthropic ? dialects::anthropic::error_event(report)
                                                : dialects::openai_error_event(report);
}

}  // namespace

void Meter::begin(std::string_view id, std::string_view model, std::int64_t created) {
  if (next_) next_->begin(id, model, created);
}

void Meter::text(std::string_view piece) {
  relayed(piece.size());
  if (next_) next_->text(piece);
}

void Meter::reasoning(std::string_view piece) {
  relayed(piece.size());
  if (next_) next_->reasoning(piece);
}

void Meter::seal(dialects::Dialect origin, std::string_view signature, bool redacted) {
  relayed(0);
  if (next_) next_->seal(origin, signature, redacted);
}

void Meter::refusal(std::string_view piece) {
  relayed(piece.size());
  if (next_) next_->refusal(piece);
}

void Meter::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                       std::string_view signature) {
  relayed(0);
  if (next_) next_->tool_begin(ordinal, id, name, signature);
}

void Meter::tool_arguments(std::size_t ordinal, std::string_view piece) {
  relayed(piece.size());
  if (next_) next_->tool_arguments(ordinal, piece);
}

void Meter::tool_end(std::size_t ordinal) {
  if (next_) next_->tool_end(ordinal);
}

void Meter::citation(const dialects::Citation& citation) {
  relayed(0);
  if (next_) next_->citation(citation);
}

void Meter::opaque(dialects::Dialect origin, std::string_view json) {
  relayed(0);
  if (next_) next_->opaque(origin, json);
}

void Meter::usage(const Usage& usage) {
  into_.usage = usage;
  if (next_) next_->usage(usage);
}

void Meter::finish(dialects::Finish finish, std::string_view stop_sequence, std::string_view detail) {
  relayed(0);
  if (next_) next_->finish(finish, stop_sequence, detail);
}

void Meter::end() {
  into_.ended = true;
  if (next_) next_->end();
}

TranslatedStream::TranslatedStream(std::unique_ptr<dialects::StreamDecoder> decoder,
                                   std::unique_ptr<dialects::StreamEncoder> encoder, dialects::Dialect caller)
    : decoder_(std::move(decoder)),
      encoder_(std::move(encoder)),
      caller_(caller),
      meter_(*this, encoder_.get()) {}

void TranslatedStream::fail(const dialects::ErrorReport& report, std::string& out) {
  if (caller_ != dialects::Dialect::responses) {
    out += error_event(report, caller_);
    return;
  }
  dialects::responses::fail_stream(*encoder_, report);
  out.append(encoder_->out);
  encoder_->out.clear();
}

void TranslatedStream::look(std::string& out) {
  out.append(encoder_->out);
  encoder_->out.clear();
  if (decoder_->failure && !failure) give_up(*this, *decoder_->failure);
}

void TranslatedStream::feed(std::string_view bytes, std::string& out) {
  if (ended || failure) return;
  decoder_->feed(bytes, meter_);
  look(out);
}

void TranslatedStream::close(std::string& out) {
  if (ended || failure) return;
  decoder_->close(meter_);
  look(out);
}

SplicedStream::SplicedStream(std::unique_ptr<dialects::StreamDecoder> decoder, dialects::Dialect both,
                             dialects::Framing framing)
    : decoder_(std::move(decoder)), both_(both), framing_(std::move(framing)), meter_(*this, nullptr) {}

void SplicedStream::fail(const dialects::ErrorReport& report, std::string& out) {
  out += both_ == dialects::Dialect::responses
             ? dialects::responses::failure_events(report, framing_, frames_)
             : error_event(report, both_);
}

void SplicedStream::take(const dialects::SseFrame& frame, std::string& out) {
  decoder_->feed(frame.raw, meter_);
  if (decoder_->failure) return give_up(*this, *decoder_->failure);
  ++frames_;
  append_frame(frame, out);
}

void SplicedStream::feed(std::string_view bytes, std::string& out) {
  if (ended || failure) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (ended || failure) return;
  }
  if (splitter_.overflowed()) give_up(*this, {dialects::StreamFailure::Kind::malformed, {}, 0});
}

void SplicedStream::close(std::string& out) {
  if (ended || failure) return;
  if (const auto frame = splitter_.finish()) take(*frame, out);
  if (ended || failure) return;
  decoder_->close(meter_);
  if (decoder_->failure) give_up(*this, *decoder_->failure);
}

void append_frame(const dialects::SseFrame& frame, std::string& out) {
  if (frame.plain) {
    out.append(frame.raw);
    return;
  }
  if (!frame.event.empty()) out.append("event: ").append(frame.event).append("\n");
  auto rest = frame.data;
  while (true) {
    const auto line = rest.substr(0, rest.find('\n'));
    out.append("data: ").append(line).append("\n");
    if (line.size() == rest.size()) break;
    rest.remove_prefix(line.size() + 1);
  }
  out.append("\n");
}

}  // namespace troupe::providers
