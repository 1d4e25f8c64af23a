#include "gateway/tokens/estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace troupe::tokens {
namespace {

// Of a character by its first byte; continuation bytes count with it. 0xE0 and 0xE1 begin the Indic scripts,
// Thai and their neighbours, 0xE2 signs, 0xE3 to 0xED kana, ideographs and hangul, 0xF0 emoji and the rare.
constexpr std::uint16_t weight_of(unsigned byte) {
  if (byte >= 0x80) {
    if (byte < 0xC0) return 0;
    if (byte < 0xE0) return 500;
    if (byte < 0xE2) return 650;
    if (byte == 0xE2) return 1000;
    return byte < 0xF0 ? 1500 : 2000;
  }
  if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')) return 220;
  if (byte >= '0' && byte <= '9') return 370;
  if (byte == ' ') return 150;
  if (byte == '\n') return 450;
  return byte < 0x20 && byte != '\t' && byte != '\r' ? 1000 : 430;
}

constexpr auto kWeights = [] {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) table[byte] = weight_of(byte);
  return table;
}();

constexpr std::int64_t kTooSmall = 64;  // tokens
constexpr double kStep = 0.125;
constexpr double kLowest = 0.25, kHighest = 4;
constexpr double kMostAtOnce = 2;

}  // namespace

std::int64_t millitokens(std::string_view text) {
  std::int64_t sum = 0;
  for (const char c : text) sum += kWeights[static_cast<unsigned char>(c)];
  return sum;
}

Tokens estimate(std::string_view text) {
  return {(millitokens(text) + 999) / 1000};
}

Tokens Calibration::corrected(Tokens guess) const {
  if (guess.count <= 0) return {0};
  return {std::max<std::int64_t>(1, std::llround(static_cast<double>(guess.count) * factor_))};
}

void Calibration::learn(Tokens guess, Tokens settled) {
  if (guess.count < kTooSmall || settled.count <= 0) return;
  const auto seen = static_cast<double>(settled.count) / static_cast<double>(guess.count);
  const auto near = std::clamp(seen, factor_ / kMostAtOnce, factor_ * kMostAtOnce);
  factor_ = std::clamp(factor_ + kStep * (near - factor_), kLowest, kHighest);
  ++seen_;
}

}  // namespace troupe::tokens
