#include "gateway/cloud/event_stream.hpp"

#include <limits>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

struct Kept {
  std::string message_type, type, message, content_type, payload;
  friend bool operator==(const Kept&, const Kept&) = default;
};

struct Read {
  std::vector<Kept> frames;
  std::optional<EventStreamProblem> problem;
  bool at_boundary = false;
};

/// Pieces of at most `piece` bytes, each in memory of its own so that no view into an old one goes unnoticed.
Read read(std::string_view bytes, std::size_t piece) {
  EventStreamDecoder decoder;
  Read out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string copy(bytes.substr(at, piece));
    decoder.push(copy);
    while (const auto frame = decoder.next())
      out.frames.push_back({std::string(frame->message_type), std::string(frame->type),
                            std::string(frame->message), std::string(frame->content_type),
                            std::string(frame->payload)});
  }
  out.problem = decoder.problem();
  out.at_boundary = decoder.at_boundary();
  return out;
}

std::string sample() {
  return encode_event("messageStart", R"({"role":"assistant"})") + encode_event("ping", "") +
         encode_event_exception("throttlingException", R"({"message":"slow down"})");
}

void append(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 255));
}

/// With its CRC-32 behind it, computed bit by bit: not by the library that the decoder uses.
std::string checked(std::string bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  append(bytes, ~crc);
  return bytes;
}

/// A prelude with a right checksum and whatever lengths.
std::string prelude(std::uint32_t total, std::uint32_t headers) {
  std::string lengths;
  append(lengths, total);
  append(lengths, headers);
  return checked(lengths);
}

/// A frame without payload whose header block is this.
std::string with_block(const std::string& block) {
  const auto size = static_cast<std::uint32_t>(block.size());
  return checked(prelude(16 + size, size) + block);
}

std::optional<EventStreamProblem> problem_of(std::string_view bytes) {
  return read(bytes, bytes.size()).problem;
}

}  // namespace

TEST_CASE("a stream is read the same however its bytes are cut") {
  const auto bytes = sample();
  const auto whole = read(bytes, bytes.size());
  REQUIRE(whole.frames.size() == 3);
  CHECK(whole.frames[0] == Kept{"event", "messageStart", "", "application/json", R"({"role":"assistant"})"});
  CHECK(whole.frames[1].payload.empty());
  CHECK(whole.frames[2] ==
        Kept{"exception", "throttlingException", "", "application/json", R"({"message":"slow down"})"});
  CHECK(whole.at_boundary);
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
    const auto cut = read(bytes, piece);
    CHECK(cut.frames == whole.frames);
    CHECK(cut.at_boundary);
  }
}

TEST_CASE("an error frame carries its code and its words") {
  const auto frame =
      encode_event_frame({{":message-type", std::string("error")},
                          {":error-code", std::string("InternalError")},
                          {":error-message", std::string("An internal server error occurred")}},
                         "");
  const auto got = read(frame, frame.size());
  REQUIRE(got.frames.size() == 1);
  CHECK(got.frames[0] == Kept{"error", "InternalError", "An internal server error occurred", "", ""});
}

TEST_CASE("a stream that ends inside a frame is not at a boundary, and has no problem") {
  const auto bytes = sample();
  const auto first = encode_event("messageStart", R"({"role":"assistant"})").size();
  for (std::size_t size = 0; size < first; ++size) {
    const auto got = read(std::string_view(bytes).substr(0, size), 7);
    CHECK(got.frames.empty());
    CHECK_FALSE(got.problem);
    CHECK(got.at_boundary == (size == 0));
  }
}

TEST_CASE("a byte that was changed anywhere in a frame is noticed") {
  const auto good = encode_event("contentBlockDelta", R"({"delta":{"text":"Hello"}})");
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    const auto got = read(bad, bad.size());
    CHECK(got.frames.empty());
    CHECK(got.problem == (at < 12 ? EventStreamProblem::prelude_corrupt : EventStreamProblem::frame_corrupt));
  }
}

TEST_CASE("frames before a corrupt one are given, nothing after it is") {
  auto bytes = sample() + sample();
  bytes[sample().size() - 1] ^= 1;
  for (const std::size_t piece : {1u, 64u, 100000u}) {
    const auto got = read(bytes, piece);
    CHECK(got.frames.size() == 2);
    CHECK(got.problem == EventStreamProblem::frame_corrupt);
    CHECK_FALSE(got.at_boundary);
  }
}

TEST_CASE("lengths beyond the limits are refused before a byte of the frame is kept") {
  CHECK(problem_of(prelude(15, 0)) == EventStreamProblem::too_short);
  CHECK(problem_of(prelude(0, 0)) == EventStreamProblem::too_short);
  CHECK_FALSE(problem_of(prelude(16 << 20, 0)));
  CHECK(problem_of(prelude((16 << 20) + 1, 0)) == EventStreamProblem::too_long);
  CHECK(problem_of(prelude(0xffffffff, 0)) == EventStreamProblem::too_long);
  CHECK_FALSE(problem_of(prelude(1 << 20, 128 << 10)));
  CHECK(problem_of(prelude(1 << 20, (128 << 10) + 1)) == EventStreamProblem::headers_too_long);
  CHECK(problem_of(prelude(20, 5)) == EventStreamProblem::headers_too_long);
}

TEST_CASE("headers of an unknown type, without a name or over their end are refused") {
  const auto malformed = EventStreamProblem::headers_malformed;
  CHECK(read(with_block(std::string("\1a\0", 3)), 1000).frames.size() == 1);
  CHECK(problem_of(with_block("\1a\x0a")) == malformed);
  CHECK(problem_of(with_block(std::string("\0\0", 2))) == malformed);
  CHECK(problem_of(with_block("\5a")) == malformed);
  CHECK(problem_of(with_block(std::string("\1a\7\0\4abc", 8))) == malformed);
  CHECK(problem_of(with_block("\1a\4abc")) == malformed);
  CHECK(problem_of(with_block("\1")) == malformed);
}

TEST_CASE("every type of header is read as it was written") {
  const std::vector<EventHeader> headers{
      {"yes", true},
      {"no", false},
      {"byte", std::numeric_limits<std::int8_t>::min()},
      {"short", std::int16_t{-2}},
      {"int", std::numeric_limits<std::int32_t>::max()},
      {"long", std::numeric_limits<std::int64_t>::min()},
      {"blob", Blob{std::string("\0\xff", 2)}},
      {"text", std::string("h\u00e9")},
      {"time", EventTime{1'700'000'000'123}},
      {"uuid", Uuid{{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'}}},
      {std::string(255, 'n'), std::string(65535, 'v')}};
  const auto bytes = encode_event_frame(headers, "payload");
  EventStreamDecoder decoder;
  decoder.push(bytes);
  const auto frame = decoder.next();
  REQUIRE(frame);
  CHECK(frame->payload == "payload");
  CHECK(read_event_headers(frame->headers) == headers);
}

TEST_CASE("any random frames come back whole from any random cuts") {
  Random random(7);
  for (int round = 0; round < 50; ++round) {
    std::string bytes;
    std::vector<std::string> payloads;
    for (auto left = 1 + random.below(8); left > 0; --left) {
      std::string payload(random.below(300), '\0');
      for (auto& c : payload) c = static_cast<char>(random.below(256));
      bytes += encode_event("e", payload);
      payloads.push_back(std::move(payload));
    }
    const auto got = read(bytes, 1 + random.below(500));
    REQUIRE(got.frames.size() == payloads.size());
    for (std::size_t i = 0; i < payloads.size(); ++i) CHECK(got.frames[i].payload == payloads[i]);
  }
}

TEST_CASE("every problem has its words") {
  for (const auto problem : {EventStreamProblem::too_short, EventStreamProblem::too_long,
                             EventStreamProblem::headers_too_long, EventStreamProblem::prelude_corrupt,
                             EventStreamProblem::frame_corrupt, EventStreamProblem::headers_malformed})
    CHECK_FALSE(name(problem).empty());
}

}  // namespace troupe::cloud
