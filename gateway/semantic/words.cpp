#include "gateway/semantic/words.hpp"

#include <array>
#include <cctype>
#include <string>
#include <unordered_set>

namespace troupe::semantic {
namespace {

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 127 || std::isalnum(byte) != 0;
}

bool joins(char c) {
  return std::string_view(".,:/-_'@#").find(c) != std::string_view::npos;
}

/// A letter, or a sign between letters; "::" is two signs.
bool goes_on(std::string_view rest) {
  if (is_letter(rest[0])) return true;
  if (!joins(rest[0]) || rest.size() < 2) return false;
  return is_letter(rest[1]) || (rest.starts_with("::") && rest.size() > 2 && is_letter(rest[2]));
}

bool ends_sentence(std::string_view between) {
  return between.find_first_of(".!?:\n") != between.npos;
}

const std::unordered_set<std::string_view>& fillers() {
  static const std::unordered_set<std::string_view> words{
      "a",     "an",     "the",     "is",       "are",  "was",    "were",  "be",    "been",  "am",
      "do",    "does",   "did",     "to",       "of",   "in",     "on",    "at",    "for",   "with",
      "by",    "and",    "or",      "as",       "that", "this",   "these", "those", "it",    "its",
      "i",     "me",     "my",      "you",      "your", "we",     "our",   "us",    "he",    "she",
      "they",  "them",   "their",   "there",    "what", "what's", "which", "who",   "how",   "can",
      "could", "would",  "should",  "shall",    "will", "may",    "might", "must",  "have",  "has",
      "had",   "please", "tell",    "give",     "show", "let",    "want",  "need",  "like",  "get",
      "some",  "any",    "about",   "so",       "just", "also",   "then",  "hi",    "hello", "thanks",
      "thank", "kindly", "explain", "describe", "i'm",  "i'd",    "if",    "one"};
  return words;
}

}  // namespace

std::vector<Word> split_words(std::string_view text) {
  std::vector<Word> out;
  bool fresh = true;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto begin = at;
    while (at < text.size() && !is_letter(text[at])) ++at;
    fresh = fresh || ends_sentence(text.substr(begin, at - begin));
    const auto from = at;
    while (at < text.size() && goes_on(text.substr(at))) ++at;
    if (at == from) continue;
    Word word;
    word.text = text.substr(from, at - from);
    for (const char c : word.text)
      word.lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    word.begins_sentence = fresh;
    fresh = false;
    out.push_back(std::move(word));
  }
  return out;
}

std::string stem(std::string_view lower) {
  static constexpr std::array<std::string_view, 9> kEndings{"ingly", "edly", "ing", "ies", "ed",
                                                            "ly",    "es",   "e",   "s"};
  if (lower.ends_with("'s")) lower.remove_suffix(2);
  for (const auto ending : kEndings) {
    if (!lower.ends_with(ending) || lower.size() < ending.size() + 3) continue;
    if (lower.ends_with("ss")) break;
    std::string out(lower.substr(0, lower.size() - ending.size()));
    if (ending == "ies") out += 'y';
    const auto n = out.size();
    const bool doubled = n > 3 && out[n - 1] == out[n - 2] && out[n - 1] != 'l' && out[n - 1] != 's';
    if (doubled && (ending == "ing" || ending == "ed")) out.pop_back();
    return out;
  }
  return std::string(lower);
}

bool is_filler(std::string_view lower) {
  return fillers().count(lower) != 0;
}

}  // namespace troupe::semantic
