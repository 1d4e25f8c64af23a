#include "gateway/tokens/images.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::tokens;

namespace {

std::int64_t cost(std::string_view model, std::int64_t width, std::int64_t height, bool low = false) {
  return image_tokens(model, ImageSize{width, height}, low).count;
}

}  // namespace

TEST_CASE("gpt-4o counts tiles of 512 after shrinking to 2048 and 768, as OpenAI's guide works it out") {
  CHECK(cost("gpt-4o", 1024, 1024) == 765);
  CHECK(cost("gpt-4o", 2048, 4096) == 1105);
  CHECK(cost("gpt-4o", 100, 100) == 255);
  CHECK(cost("openai/gpt-4o-2024-08-06", 4096, 8192, true) == 85);
  CHECK(cost("gpt-4o-mini", 1024, 1024) == 2833 + 4 * 5667);
  CHECK(cost("o1", 1024, 1024) == 75 + 4 * 150);
  CHECK(cost("gpt-5", 512, 512) == 70 + 140);
}

TEST_CASE("the small newer models count patches of 32 pixels, at most 1536") {
  CHECK(cost("gpt-4.1-mini", 1024, 1024) == 1659);
  CHECK(cost("o4-mini", 32, 32) == 2);
  CHECK(cost("gpt-4.1-nano", 4096, 4096) == 3779);
}

TEST_CASE("Anthropic counts 750 pixels a token of what it shrinks to, Gemini tiles of 768") {
  CHECK(cost("claude-sonnet-4-5", 1000, 1000) == 1334);
  CHECK(cost("claude-sonnet-4-5", 8000, 8000) == 1600);
  CHECK(cost("bedrock/anthropic.claude-haiku", 200, 200) == 54);
  CHECK(cost("gemini-2.5-pro", 384, 384) == 258);
  CHECK(cost("gemini-2.5-pro", 1024, 1024) == 4 * 258);
}

TEST_CASE("a picture of unknown size counts like one of 1024 x 1024, an unknown model's a flat sum") {
  CHECK(image_tokens("gpt-4o", std::nullopt).count == 765);
  CHECK(image_tokens("llava", ImageSize{10, 10}).count == image_tokens("llava", std::nullopt).count);
}

TEST_CASE("a picture that claims to be endless costs a finite sum") {
  for (const char* model : {"gpt-4o", "gpt-4.1-mini", "claude-opus-4-1", "gemini-2.5-pro", "other"}) {
    const auto tokens = cost(model, INT64_MAX, INT64_MAX);
    CHECK(tokens > 0);
    CHECK(tokens < 2'000'000'000);
    CHECK(cost(model, 1, INT64_MAX) > 0);
  }
}
