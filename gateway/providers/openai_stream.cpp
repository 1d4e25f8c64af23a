#include "gateway/providers/openai_stream.hpp"

#include <algorithm>
#include <bit>

#include "gateway/providers/faults.hpp"
#include "gateway/providers/streams.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kDone = "[DONE]";

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

}  // namespace

OpenAiStream::OpenAiStream(const dialects::Request& request)
    : wanted_(static_cast<int>(std::clamp<std::int64_t>(request.choices, 1, 64))),
      include_usage_(request.include_usage) {}

void OpenAiStream::feed(std::string_view bytes, std::string& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) {
    failure =
        stream_fault(Fault::provider_stream_malformed, "The provider sent an event of more than 4 MiB.");
  }
}

void OpenAiStream::take(const dialects::SseFrame& frame, std::string& out) {
  const auto data = trim(frame.data);
  if (data.empty()) return;
  if (data == kDone) {
    append_frame(frame, out);
    ended = true;
  } else if (frame.event == "error") {
    failure = read_stream_error(data);
  } else {
    take_chunk(read_chunk(data), frame, out);
  }
}

void OpenAiStream::take_chunk(const Chunk& chunk, const dialects::SseFrame& frame, std::string& out) {
  if (!chunk.valid) {
    failure =
        stream_fault(Fault::provider_stream_malformed, "The provider sent an event that is no JSON object.");
    return;
  }
  if (chunk.error) {
    failure = read_stream_error(frame.data);
    return;
  }
  if (chunk.usage) usage = chunk.usage;
  choices_ |= chunk.choices;
  finished_ |= chunk.finished;
  output_bytes += chunk.bytes;
  const bool usage_only = !chunk.has_choices && chunk.usage;
  if (usage_only && !include_usage_) return;
  append_frame(frame, out);
  content_started = content_started || chunk.content;
}

bool OpenAiStream::all_finished() const {
  return finished_ != 0 && finished_ == choices_ && std::popcount(finished_) >= wanted_;
}

void OpenAiStream::close(std::string& out) {
  if (over()) return;
  if (const auto frame = splitter_.finish()) {
    // Half a frame is a cut, not a malformed frame.
    const auto data = trim(frame->data);
    if (data == kDone || frame->event == "error" || read_chunk(data).valid) take(*frame, out);
    if (over()) return;
  }
  if (all_finished()) {
    out.append("data: [DONE]\n\n");
    ended = true;
    return;
  }
  failure = stream_fault(Fault::provider_stream_cut, "The provider closed the stream before its end.");
}

}  // namespace troupe::providers
