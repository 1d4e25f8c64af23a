#include "gateway/semantic/guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "gateway/semantic/words.hpp"

namespace troupe::semantic {
namespace {

using Set = std::unordered_set<std::string_view>;

const std::unordered_map<std::string_view, std::string_view>& number_words() {
  static const std::unordered_map<std::string_view, std::string_view> words{{"zero", "0"},
                                                                            {"two", "2"},
                                                                            {"three", "3"},
                                                                            {"four", "4"},
                                                                            {"five", "5"},
                                                                            {"six", "6"},
                                                                            {"seven", "7"},
                                                                            {"eight", "8"},
                                                                            {"nine", "9"},
                                                                            {"ten", "10"},
                                                                            {"eleven", "11"},
                                                                            {"twelve", "12"},
                                                                            {"thirteen", "13"},
                                                                            {"fourteen", "14"},
                                                                            {"fifteen", "15"},
                                                                            {"sixteen", "16"},
                                                                            {"seventeen", "17"},
                                                                            {"eighteen", "18"},
                                                                            {"nineteen", "19"},
                                                                            {"twenty", "20"},
                                                                            {"thirty", "30"},
                                                                            {"forty", "40"},
                                                                            {"fifty", "50"},
                                                                            {"sixty", "60"},
                                                                            {"seventy", "70"},
                                                                            {"eighty", "80"},
                                                                            {"ninety", "90"},
                                                                            {"hundred", "100"},
                                                                            {"thousand", "1000"},
                                                                            {"million", "1000000"},
                                                                            {"billion", "1000000000"},
                                                                            {"first", "1st"},
                                                                            {"second", "2nd"},
                                                                            {"third", "3rd"},
                                                                            {"fourth", "4th"},
                                                                            {"fifth", "5th"},
                                                                            {"half", "1/2"},
                                                                            {"twice", "2x"},
                                                                            {"double", "2x"},
                                                                            {"triple", "3x"},
                                                                            {"quarter", "1/4"},
                                                                            {"dozen", "12"}};
  return words;
}

const Set& calendar() {
  static const Set words{"january",   "february", "march",    "april",    "june",   "july",     "august",
                         "september", "october",  "november", "december", "monday", "tuesday",  "wednesday",
                         "thursday",  "friday",   "saturday", "sunday",   "today",  "tomorrow", "yesterday",
                         "weekend",   "spring",   "summer",   "autumn",   "winter"};
  return words;
}

const Set& negations() {
  static const Set words{"not",     "no",      "never",   "without", "none",     "neither",   "nor",
                         "cannot",  "nothing", "nobody",  "except",  "isn't",    "aren't",    "don't",
                         "doesn't", "didn't",  "can't",   "won't",   "wouldn't", "shouldn't", "couldn't",
                         "wasn't",  "weren't", "haven't", "hasn't",  "mustn't",  "non",       "avoid"};
  return words;
}

/// Words that often begin a question and are no names.
const Set& openers() {
  static const Set words{
      "when",      "where",    "why",       "whose",   "write",      "list",        "summarize", "summarise",
      "translate", "find",     "make",      "create",  "compare",    "define",      "suggest",   "recommend",
      "generate",  "help",     "is",        "are",     "does",       "in",          "for",       "from",
      "after",     "before",   "during",    "while",   "given",      "provide",     "outline",   "discuss",
      "name",      "identify", "calculate", "compute", "solve",      "convert",     "rewrite",   "correct",
      "fix",       "draft",    "compose",   "propose", "plan",       "design",      "implement", "build",
      "add",       "remove",   "delete",    "change",  "update",     "install",     "set",       "use",
      "using",     "run",      "start",     "stop",    "check",      "test",        "teach",     "walk",
      "steps",     "ways",     "tips",      "best",    "difference", "differences", "meaning",   "reasons",
      "its",       "no",       "yes",       "ok",      "okay",       "quick",       "question",  "good",
      "according", "most",     "many",      "all",     "each",       "every",       "both",      "but",
      "because",   "since",    "not",       "don't",   "never",      "without",     "at",        "on",
      "by",        "with",     "as"};
  return words;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 66> kOpposites{{
    {"increase", "decrease"},
    {"enable", "disable"},
    {"start", "stop"},
    {"before", "after"},
    {"minimum", "maximum"},
    {"min", "max"},
    {"last", "next"},
    {"left", "right"},
    {"buy", "sell"},
    {"open", "close"},
    {"add", "remove"},
    {"add", "delete"},
    {"create", "delete"},
    {"import", "export"},
    {"encrypt", "decrypt"},
    {"encode", "decode"},
    {"up", "down"},
    {"upload", "download"},
    {"install", "uninstall"},
    {"lock", "unlock"},
    {"ascending", "descending"},
    {"ascend", "descend"},
    {"oldest", "newest"},
    {"old", "new"},
    {"largest", "smallest"},
    {"large", "small"},
    {"biggest", "smallest"},
    {"highest", "lowest"},
    {"high", "low"},
    {"hot", "cold"},
    {"fast", "slow"},
    {"fastest", "slowest"},
    {"more", "less"},
    {"most", "least"},
    {"above", "below"},
    {"over", "under"},
    {"inside", "outside"},
    {"accept", "reject"},
    {"allow", "deny"},
    {"allow", "forbid"},
    {"approve", "reject"},
    {"lend", "borrow"},
    {"push", "pull"},
    {"gain", "lose"},
    {"gain", "loss"},
    {"win", "lose"},
    {"rise", "fall"},
    {"raise", "lower"},
    {"best", "worst"},
    {"good", "bad"},
    {"pro", "con"},
    {"advantage", "disadvantage"},
    {"benefit", "drawback"},
    {"benefit", "risk"},
    {"true", "false"},
    {"positive", "negative"},
    {"cheap", "expensive"},
    {"cheapest", "expensive"},
    {"longest", "shortest"},
    {"long", "short"},
    {"legal", "illegal"},
    {"safe", "dangerous"},
    {"earlier", "later"},
    {"arrive", "depart"},
    {"grow", "shrink"},
    {"love", "hate"},
}};

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool capital(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

/// camelCase, snake_case, a::b, file.ext, ALLCAPS.
bool is_identifier(std::string_view text) {
  if (text.find_first_of("_@#/") != text.npos || text.find("::") != text.npos) return true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (capital(text[i])) return true;
    if (text[i] == '.' && i + 1 < text.size()) return true;
  }
  return false;
}

/// "1,000" is "1000"; "50%" is read by its digits, the sign stands outside of words.
std::string plain_number(std::string_view lower) {
  std::string out(lower);
  std::erase(out, ',');
  return out;
}

void read_quotes(std::string_view text, std::set<std::string>& out) {
  for (const std::string_view quote : {"\"", "`", "\xE2\x80\x9C"}) {
    const std::string_view end = quote == "\xE2\x80\x9C" ? "\xE2\x80\x9D" : quote;
    for (std::size_t from = text.find(quote); from != text.npos;) {
      const auto begin = from + quote.size();
      const auto to = text.find(end, begin);
      if (to == text.npos) break;
      out.emplace(text.substr(begin, to - begin));
      from = text.find(quote, to + end.size());
    }
  }
}

bool has(const Marks& marks, std::string_view stemmed) {
  return marks.words.count(std::string(stemmed)) != 0;
}

bool opposed(const Marks& a, const Marks& b) {
  for (const auto& [x, y] : kOpposites) {
    const auto one = stem(x), other = stem(y);
    const bool ax = has(a, one), ay = has(a, other), bx = has(b, one), by = has(b, other);
    if ((ax && !ay && by && !bx) || (ay && !ax && bx && !by)) return true;
  }
  return false;
}

/// Each of them stands somewhere in the other text.
bool all_in(const auto& names, const Marks& other) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return has(other, stem(name)) ||
           std::find(other.names.begin(), other.names.end(), name) != other.names.end();
  });
}

/// The names of both, as far as the other has them as names too, stand in another order.
bool reordered(const Marks& a, const Marks& b) {
  const auto common = [](const std::vector<std::string>& of, const std::vector<std::string>& in) {
    std::vector<std::string> out;
    for (const auto& name : of) {
      if (std::find(in.begin(), in.end(), name) != in.end()) out.push_back(name);
    }
    return out;
  };
  return common(a.names, b.names) != common(b.names, a.names);
}

}  // namespace

Marks marks_of(std::string_view text) {
  Marks marks;
  int negations_seen = 0;
  for (const auto& word : split_words(text)) {
    ++marks.words[stem(word.lower)];
    if (negations().count(word.lower) != 0) ++negations_seen;
    const auto number = number_words().find(word.lower);
    if (number != number_words().end()) {
      marks.numbers.emplace_back(number->second);
    } else if (has_digit(word.text)) {
      marks.numbers.push_back(plain_number(word.lower));
    } else if (calendar().count(word.lower) != 0 || is_identifier(word.text)) {
      marks.names.push_back(word.lower);
    } else if (capital(word.text.front()) && !is_filler(word.lower) && word.text.size() > 1) {
      if (!word.begins_sentence) {
        marks.names.push_back(word.lower);
      } else if (openers().count(word.lower) == 0) {
        marks.openers.insert(word.lower);
      }
    }
  }
  marks.negated = negations_seen % 2 != 0;
  read_quotes(text, marks.quoted);
  return marks;
}

std::string_view forbids(const Marks& a, const Marks& b) {
  if (a.numbers != b.numbers) return "numbers";
  if (a.quoted != b.quoted) return "quotes";
  if (!all_in(a.names, b) || !all_in(b.names, a)) return "names";
  if (!all_in(a.openers, b) || !all_in(b.openers, a)) return "names";
  if (a.negated != b.negated) return "negation";
  if (opposed(a, b)) return "opposites";
  if (reordered(a, b)) return "order";
  return {};
}

}  // namespace troupe::semantic
