#include "gateway/semantic/lexical.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <unordered_map>

#include "core/hash.hpp"
#include "gateway/semantic/words.hpp"

namespace troupe::semantic {
namespace {

constexpr double kWord = 1.0, kFiller = 0.2, kPair = 0.35, kLetters = 0.25;

struct Feature {
  double count = 0, weight = 0;
};
using Features = std::unordered_map<std::uint64_t, Feature>;

void add(Features& features, std::uint64_t hash, double weight) {
  auto& feature = features[hash];
  feature.count += 1;
  feature.weight = weight;
}

void add_letters(Features& features, std::string_view word, double weight) {
  const auto framed = "^" + std::string(word) + "$";
  for (std::size_t n = 3; n <= 4; ++n) {
    for (std::size_t at = 0; at + n <= framed.size(); ++at)
      add(features, fnv1a(std::string_view(framed).substr(at, n), n), weight);
  }
}

}  // namespace

Vector lexical_vector(std::string_view text) {
  Features features;
  std::string before;
  for (const auto& word : split_words(text)) {
    const bool filler = is_filler(word.lower);
    const auto root = stem(word.lower);
    add(features, fnv1a(root), filler ? kFiller : kWord);
    if (!filler) add_letters(features, root, kLetters);
    if (!filler) {
      if (!before.empty()) add(features, fnv1a(root, fnv1a(before + " ")), kPair);
      before = root;
    }
  }
  Vector out(kLexicalSize, 0.0F);
  for (const auto& [hash, feature] : features) {
    const auto mixed = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9U;
    const auto value = static_cast<float>(feature.weight * (1 + std::log(feature.count)));
    out[(mixed >> 32) % kLexicalSize] += (mixed & 1) != 0 ? value : -value;
  }
  normalise(out);
  return out;
}

float similarity(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return 0;
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

void normalise(Vector& vector) {
  const double square = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
  if (!(square > 0)) return;
  const auto scale = static_cast<float>(1 / std::sqrt(square));
  for (auto& one : vector) one *= scale;
}

}  // namespace troupe::semantic
