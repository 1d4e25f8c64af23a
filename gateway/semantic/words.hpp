#pragma once
// A text as words, as far as English and a byte-wise look go.
#include <string>
#include <string_view>
#include <vector>

namespace troupe::semantic {

struct Word {
  std::string_view text;  ///< as it stands; a view into what was split
  std::string lower;      ///< ASCII in small letters
  bool begins_sentence = false;
};

/// Letters, digits, and what stands between them in names, numbers and code (. , : / - _ ' @ #), each word
/// without such signs at its ends. Bytes above 127 are letters.
std::vector<Word> split_words(std::string_view text);

/// Without the commonest endings: "deleting", "deletes" and "deleted" are one.
std::string stem(std::string_view lower);

/// Words that say little about what is asked: articles, pronouns, auxiliaries, courtesies.
bool is_filler(std::string_view lower);

}  // namespace troupe::semantic
