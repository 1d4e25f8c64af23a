#pragma once
// Where the tests find vocabularies, and small ones of their own.
#include <zlib.h>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/tokens/vocabulary.hpp"
#include "tests/support/catch.hpp"

namespace troupe::tokens {

inline std::string source_dir() {
  const char* told = std::getenv("TROUPE_SOURCE_DIR");
  return told != nullptr ? told : ".";
}

/// What deploy/tokens fetched, one for the whole program; the library says what is missing.
inline const Library& fetched() {
  static const Library library(find_directory("", source_dir() + "/build/release/troupe"));
  return library;
}

/// nullptr with a word when the vocabulary is not here: deploy/tokens fetches it, the build needs no network.
inline const Vocabulary* vocabulary_or_skip(Encoding encoding) {
  const auto* found = fetched().get(encoding);
  if (found == nullptr) WARN("skipped: " << fetched().problem(encoding));
  return found;
}

inline void append_number(std::string& to, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) to += static_cast<char>(value >> (8 * i));
}

/// The file of a vocabulary: every byte, then `more` in this order.
inline std::string vocabulary_file(const std::vector<std::string>& more = {}) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(1, static_cast<char>(byte));
  tokens.insert(tokens.end(), more.begin(), more.end());
  std::string body;
  for (const auto& token : tokens) body += static_cast<char>(token.size());
  for (const auto& token : tokens) body += token;
  std::string file = "TRPTOKN1";
  append_number(file, static_cast<std::uint32_t>(tokens.size()));
  append_number(file, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                       static_cast<uInt>(body.size()))));
  return file + body;
}

inline Ranks ranks_of(const std::vector<std::string>& more = {}) {
  auto made = Ranks::parse(vocabulary_file(more));
  REQUIRE(made);
  return std::move(*made);
}

}  // namespace troupe::tokens
