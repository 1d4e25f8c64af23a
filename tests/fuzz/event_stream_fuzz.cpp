// Any bytes in any pieces: the same frames and the same problem as in one; what was read is written back to
// the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/cloud/event_stream.hpp"

namespace {

using namespace troupe::cloud;

struct Read {
  std::string frames;
  bool at_boundary = false;
  std::optional<EventStreamProblem> problem;
  friend bool operator==(const Read&, const Read&) = default;
};

Read read(std::string_view text, std::size_t piece) {
  EventStreamDecoder decoder;
  Read out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string copy(text.substr(at, piece));
    decoder.push(copy);
    while (const auto frame = decoder.next()) {
      const auto headers = read_event_headers(frame->headers);
      if (!headers) std::abort();
      out.frames += encode_event_frame(*headers, frame->payload);
    }
  }
  out.at_boundary = decoder.at_boundary();
  out.problem = decoder.problem();
  if (out.problem && name(*out.problem).empty()) std::abort();
  return out;
}

/// Checksums keep random bytes out: a second look with the input as headers and payload of a frame of ours.
void round_trip(std::string_view text) {
  const auto headers = read_event_headers(text);
  if (!headers) return;
  const auto frame = encode_event_frame(*headers, text);
  if (frame.size() > kLargestEventFrame || text.size() > kLargestEventHeaders) return;
  const auto got = read(frame, frame.size());
  if (got.frames != frame || !got.at_boundary) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto whole = read(text, text.size() + 1);
  if (!(read(text, piece) == whole)) std::abort();
  if (text.substr(0, whole.frames.size()) != whole.frames) std::abort();
  round_trip(text);
  return 0;
}
