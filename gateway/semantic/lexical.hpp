#pragma once
// The built-in embedder: a text as a vector by its words and letters, without a model. It knows no synonyms:
// what it finds similar is spelled similarly.
#include <cstddef>
#include <string_view>
#include <vector>

namespace troupe::semantic {

/// Of unit length, or all zero for a text without words.
using Vector = std::vector<float>;

inline constexpr std::size_t kLexicalSize = 512;

/// Stems, pairs of them, and runs of 3 to 4 letters, hashed with a sign (Weinberger et al. 2009), weighted by
/// 1 + log of how often they occur; filler words count a fifth. The same on every machine.
Vector lexical_vector(std::string_view text);

/// Cosine of two unit vectors; 0 where sizes differ.
float similarity(const Vector& a, const Vector& b);
/// Scales to unit length.
void normalise(Vector& vector);

}  // namespace troupe::semantic
