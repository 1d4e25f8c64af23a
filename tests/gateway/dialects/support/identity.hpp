#pragma once
// What a dialect can say comes back from a way through it as it was: for values made by chance, one a seed.
#include <cstdint>

#include "gateway/dialects/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::testing {

constexpr std::uint64_t kSeeds = 300;

/// `model` is whom the requests are written for.
inline void check_conversations(const Codec& codec, const std::string& model,
                                Conversation (*make)(std::uint64_t seed)) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const auto talk = make(seed);
    const auto body = codec.encode_request(talk, {model, "", false});
    REQUIRE(body);
    INFO(*body);
    const auto again = codec.decode_request(*body);
    REQUIRE(again);
    CHECK(again->messages == talk.messages);
    CHECK(again->tools == talk.tools);
    REQUIRE(*again == talk);
  }
}

inline void check_answers(const Codec& codec, Reply (*make)(std::uint64_t seed)) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const auto answer = make(seed);
    const auto body = codec.encode_reply(answer, {});
    INFO(body);
    const auto again = codec.decode_reply(body);
    REQUIRE(again);
    REQUIRE(*again == answer);
  }
}

/// Byte by byte, in pieces of some size, and whole.
inline void check_streams(const Codec& codec, Reply (*make)(std::uint64_t seed)) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const auto answer = make(seed);
    const auto stream = streamed(codec, answer);
    INFO(stream);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1 + seed % 90}, stream.size()}) {
      const auto heard = hear(codec, stream, piece);
      REQUIRE(heard.ended);
      REQUIRE(heard.whole);
      REQUIRE_FALSE(heard.failure);
      INFO(codec.encode_reply(heard.reply, {}));
      REQUIRE(heard.reply == answer);
    }
  }
}

}  // namespace troupe::dialects::testing
