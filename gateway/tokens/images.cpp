#include "gateway/tokens/images.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "gateway/tokens/encoding.hpp"

namespace troupe::tokens {
namespace {

constexpr ImageSize kUnknown{1024, 1024};
constexpr std::int64_t kMostPixels = 1 << 20;  // of a side; more is a lie, and could overflow
constexpr std::int64_t kFlat = 800;

std::int64_t parts(double length, double part) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(length / part - 1e-9)));
}

/// Into 2048 x 2048, then the shorter side down to 768, in tiles of 512.
std::int64_t tiles(ImageSize size) {
  auto width = static_cast<double>(size.width), height = static_cast<double>(size.height);
  const auto shrink = [&](double by) {
    if (by >= 1) return;
    width *= by;
    height *= by;
  };
  shrink(2048 / std::max(width, height));
  shrink(768 / std::min(width, height));
  return parts(width, 512) * parts(height, 512);
}

std::int64_t patches(ImageSize size) {
  constexpr std::int64_t kMost = 1536;
  return std::min(kMost,
                  parts(static_cast<double>(size.width), 32) * parts(static_cast<double>(size.height), 32));
}

double patch_factor(std::string_view model) {
  if (model.find("4.1-nano") != model.npos || model.find("-nano") != model.npos) return 2.46;
  return model.find("o4-mini") != model.npos ? 1.72 : 1.62;
}

/// The longer side down to 1568, and what is still too large counts as the largest.
std::int64_t anthropic(ImageSize size) {
  constexpr double kLongest = 1568;
  const auto by = std::min(1.0, kLongest / static_cast<double>(std::max(size.width, size.height)));
  const auto area = static_cast<double>(size.width) * by * static_cast<double>(size.height) * by;
  return std::clamp<std::int64_t>(std::llround(std::ceil(area / 750)), 1, 1600);
}

std::int64_t gemini(ImageSize size) {
  constexpr std::int64_t kTile = 258;
  if (std::max(size.width, size.height) <= 384) return kTile;
  return kTile * parts(static_cast<double>(size.width), 768) * parts(static_cast<double>(size.height), 768);
}

bool has(std::string_view model, std::string_view word) {
  return model.find(word) != model.npos;
}

struct Tiled {
  std::int64_t base, tile;
};
constexpr std::array kTiled{Tiled{85, 170}, Tiled{2833, 5667}, Tiled{75, 150}, Tiled{70, 140}};

}  // namespace

ImageRule image_rule(std::string_view model) {
  if (has(model, "claude")) return ImageRule::anthropic;
  if (has(model, "gemini")) return ImageRule::gemini;
  if (!encoding_of(model)) return ImageRule::flat;
  if (has(model, "4o-mini")) return ImageRule::tiles_4o_mini;
  if (has(model, "o4-mini") || has(model, "-nano") || has(model, "4.1-mini") || has(model, "gpt-5-mini"))
    return ImageRule::patches;
  if (has(model, "gpt-5")) return ImageRule::tiles_5;
  const auto slash = model.rfind('/');
  const auto own = slash == model.npos ? model : model.substr(slash + 1);
  return own.starts_with("o1") || own.starts_with("o3") ? ImageRule::tiles_o : ImageRule::tiles_4o;
}

Tokens image_tokens(std::string_view model, std::optional<ImageSize> known, bool low) {
  auto size = known.value_or(kUnknown);
  size = {std::clamp<std::int64_t>(size.width, 1, kMostPixels),
          std::clamp<std::int64_t>(size.height, 1, kMostPixels)};
  const auto rule = image_rule(model);
  switch (rule) {
    case ImageRule::tiles_4o:
    case ImageRule::tiles_4o_mini:
    case ImageRule::tiles_o:
    case ImageRule::tiles_5: {
      const auto& price = kTiled[static_cast<std::size_t>(rule)];
      return {price.base + (low ? 0 : price.tile * tiles(size))};
    }
    case ImageRule::patches:
      return {std::llround(std::ceil(static_cast<double>(patches(size)) * patch_factor(model)))};
    case ImageRule::anthropic:
      return {anthropic(size)};
    case ImageRule::gemini:
      return {gemini(size)};
    case ImageRule::flat:
      return {kFlat};
  }
  return {kFlat};
}

}  // namespace troupe::tokens
