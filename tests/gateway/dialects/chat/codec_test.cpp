// What chat completions can say survives the way out and back; streams do so however they are split.
#include "gateway/dialects/chat/codec.hpp"

#include "gateway/dialects/collector.hpp"
#include "tests/gateway/dialects/chat/samples.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

const Codec& kChat = chat::codec();
// Our own nodes keep sealed thoughts, as OpenRouter does.
const Target kSame{"m-1", "troupe", false};

std::string streamed(const Reply& reply) {
  Framing framing;
  framing.include_usage = true;
  auto encoder = kChat.stream_encoder(framing);
  play(reply, *encoder);
  return encoder->out;
}

Reply heard(const std::string& bytes, std::size_t piece) {
  auto decoder = kChat.stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    decoder->feed(std::string_view(bytes).substr(at, piece), collector);
  decoder->close(collector);
  CHECK(decoder->ended);
  CHECK_FALSE(decoder->failure);
  CHECK(collector.whole());
  return collector.take();
}

}  // namespace

TEST_CASE("a conversation survives being written and read") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    chat::Samples samples(seed);
    auto talk = samples.conversation();
    auto body = kChat.encode_request(talk, kSame);
    REQUIRE(body);
    const auto again = kChat.decode_request(*body);
    REQUIRE(again);
    for (auto& message : talk.messages) {  // only OpenAI itself knows developers
      if (message.role == Role::developer) message.role = Role::system;
    }
    INFO(seed << ": " << *body);
    CHECK((*again == talk));
  }
}

TEST_CASE("an answer survives being written and read") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto reply = chat::Samples(seed).reply();
    const auto body = kChat.encode_reply(reply, {});
    const auto again = kChat.decode_reply(body);
    REQUIRE(again);
    INFO(seed << ": " << body);
    CHECK((*again == reply));
  }
}

TEST_CASE("an answer survives being streamed, in pieces of any size") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto reply = chat::Samples(seed).reply();
    const auto bytes = streamed(reply);
    INFO(seed << ": " << bytes);
    for (const std::size_t piece : {bytes.size(), std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
      CHECK((heard(bytes, piece) == reply));
    }
  }
}
