#include "gateway/tokens/split_ascii.hpp"

#include <array>
#include <cstdint>

namespace troupe::tokens {
namespace {

enum class Class : std::uint8_t { upper, lower, digit, space, newline, other, beyond, end };

constexpr Class class_of(unsigned char c) {
  if (c >= 0x80) return Class::beyond;
  if (c >= 'A' && c <= 'Z') return Class::upper;
  if (c >= 'a' && c <= 'z') return Class::lower;
  if (c >= '0' && c <= '9') return Class::digit;
  if (c == '\r' || c == '\n') return Class::newline;
  return c == ' ' || (c >= '\t' && c <= '\r') ? Class::space : Class::other;
}

constexpr auto kClasses = [] {
  std::array<Class, 256> table{};
  for (unsigned c = 0; c < 256; ++c) table[c] = class_of(static_cast<unsigned char>(c));
  return table;
}();

constexpr std::size_t kAskPattern = 0;

class Scanner {
 public:
  Scanner(std::string_view text, bool o200k) : text_(text), o200k_(o200k) {}

  std::size_t piece(std::size_t from) const {
    const auto first = at(from), second = at(from + 1);
    if (first == Class::beyond) return kAskPattern;
    if (!o200k_ && text_[from] == '\'') {
      if (second == Class::beyond) return kAskPattern;
      if (const auto size = contraction(from)) return from + size;
    }
    if (letter(first)) return word(from);
    if (first == Class::digit) return number(from);
    if (first != Class::newline) {  // may stand before a word
      if (letter(second)) return word(from + 1);
      if (second == Class::beyond) return kAskPattern;
    }
    if (first == Class::other) return symbols(from);
    if (text_[from] == ' ' && second == Class::other) return symbols(from + 1);
    return blank(from);
  }

 private:
  static constexpr bool letter(Class c) { return c == Class::upper || c == Class::lower; }
  Class at(std::size_t i) const {
    return i < text_.size() ? kClasses[static_cast<unsigned char>(text_[i])] : Class::end;
  }

  /// Capitals and then small letters in o200k, any letters in cl100k; o200k keeps a contraction with its
  /// word.
  std::size_t word(std::size_t i) const {
    if (o200k_) {
      while (at(i) == Class::upper) ++i;
      while (at(i) == Class::lower) ++i;
    } else {
      while (letter(at(i))) ++i;
    }
    if (at(i) == Class::beyond) return kAskPattern;
    if (!o200k_ || at(i) == Class::end || text_[i] != '\'') return i;
    return at(i + 1) == Class::beyond ? kAskPattern : i + contraction(i);
  }

  /// The size of 's 't 'm 'd 're 've 'll in either case at the apostrophe `i`; 0 when there is none.
  std::size_t contraction(std::size_t i) const {
    const auto small = [&](std::size_t k) { return k < text_.size() ? text_[k] | 0x20 : 0; };
    const auto first = small(i + 1), second = small(i + 2);
    if (!letter(at(i + 1))) return 0;
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
    const bool two =
        letter(at(i + 2)) && ((first == 'r' && second == 'e') || (first == 'v' && second == 'e') ||
                              (first == 'l' && second == 'l'));
    return two ? 3 : 0;
  }

  std::size_t number(std::size_t i) const {
    for (const auto most = i + 3; i < most; ++i) {
      if (at(i) == Class::beyond) return kAskPattern;
      if (at(i) != Class::digit) break;
    }
    return i;
  }

  std::size_t symbols(std::size_t i) const {
    while (at(i) == Class::other) ++i;
    if (at(i) == Class::beyond) return kAskPattern;
    while (at(i) == Class::newline || (o200k_ && i < text_.size() && text_[i] == '/')) ++i;
    return i;
  }

  /// Up to the last line end of a run of blanks; without one, all but the last blank before something else.
  std::size_t blank(std::size_t from) const {
    std::size_t i = from, line_end = from;
    for (; at(i) == Class::space || at(i) == Class::newline; ++i) {
      if (at(i) == Class::newline) line_end = i + 1;
    }
    if (at(i) == Class::beyond) return kAskPattern;
    if (line_end > from) return line_end;
    return at(i) == Class::end || i == from + 1 ? i : i - 1;
  }

  std::string_view text_;
  bool o200k_;
};

}  // namespace

std::size_t next_ascii(Encoding encoding, std::string_view text, std::size_t from) {
  const bool o200k = encoding == Encoding::o200k_base;
  if (!o200k && encoding != Encoding::cl100k_base) return kAskPattern;
  return Scanner(text, o200k).piece(from);
}

}  // namespace troupe::tokens
