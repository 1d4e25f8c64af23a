#pragma once
// What a picture costs in tokens, by the vendor's published rule.
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/units.hpp"
#include "gateway/tokens/image_size.hpp"

namespace troupe::tokens {

/// How a model counts pictures.
enum class ImageRule : std::uint8_t {
  tiles_4o,       ///< 85, and 170 per 512-px tile: gpt-4o, gpt-4.1, gpt-4.5, gpt-4-turbo
  tiles_4o_mini,  ///< 2833, and 5667 per tile
  tiles_o,        ///< 75, and 150 per tile: o1, o3
  tiles_5,        ///< 70, and 140 per tile: gpt-5
  patches,        ///< a token per 32-px patch, at most 1536, times the model's factor: the newer small models
  anthropic,      ///< width x height / 750, at most about 1600
  gemini,         ///< 258 up to 384 px, else 258 per 768-px tile
  flat,           ///< nobody said: a flat sum
};

/// By the model's name, whoever serves it.
ImageRule image_rule(std::string_view model);

/// Tokens of one picture; `size` unknown (a link, a strange format): as for a picture of 1024 x 1024. `low`
/// is OpenAI's `detail: "low"`; others do not know it. Sources: OpenAI's "Images and vision" guide,
/// Anthropic's "Vision" page, Gemini's "Understand and count tokens".
Tokens image_tokens(std::string_view model, std::optional<ImageSize> size, bool low = false);

}  // namespace troupe::tokens
