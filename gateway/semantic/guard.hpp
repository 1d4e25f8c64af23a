#pragma once
// What forbids to answer one question with the answer of another, however similar they are.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::semantic {

/// What of a text must be the same in the other, prepared once.
struct Marks {
  std::vector<std::string> numbers;  ///< in order: digits, number words, percentages, times, versions
  std::vector<std::string> names;  ///< in order, small letters: capitalised words, identifiers, months, days
  std::set<std::string> quoted;    ///< texts in quotes or backticks
  std::map<std::string, int> words;  ///< stems, counted
  std::set<std::string> openers;     ///< capitalised words that begin a sentence and are no usual opener
  bool negated = false;              ///< an odd number of not, never, without ...
};

Marks marks_of(std::string_view text);

/// Why the answer to one must not answer the other: "numbers", "names", "quotes", "negation", "opposites",
/// "order"; "" when nothing forbids it. Symmetric.
std::string_view forbids(const Marks& a, const Marks& b);

}  // namespace troupe::semantic
