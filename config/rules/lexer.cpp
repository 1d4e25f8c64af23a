#include "config/rules/lexer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace troupe::rules {
namespace {

// Longer ones first.
constexpr std::array<std::string_view, 19> kSigns{"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(",
                                                  ")",  "[",  "]",  ",",  ".",  "+",  "-", "*", "/"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::optional<char> escaped(char c) {
  constexpr std::string_view kFrom = "nrt\\'\"", kTo = "\n\r\t\\'\"";
  const auto at = kFrom.find(c);
  return at == kFrom.npos ? std::nullopt : std::optional(kTo[at]);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> out;
    for (;;) {
      at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
      out.push_back({Token::Kind::end, {}, 0, at_});
      if (at_ == text_.size()) return out;
      if (auto done = take(out.back()); !done) return tl::unexpected<Error>(done.error());
    }
  }

 private:
  Result<void> take(Token& token) {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return take_text(token);
    if (is_digit(c)) return take_number(token);
    if (begins_name(c)) return take_name(token);
    for (const auto sign : kSigns) {
      if (text_.substr(at_, sign.size()) != sign) continue;
      token.kind = Token::Kind::sign;
      token.text = sign;
      at_ += sign.size();
      return {};
    }
    return mistake(fmt::format("'{}' means nothing here", c), at_);
  }

  Result<void> take_text(Token& token) {
    const char quote = text_[at_++];
    token.kind = Token::Kind::text;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] != '\\') {
        token.text += text_[at_];
        continue;
      }
      const auto what = at_ + 1 < text_.size() ? escaped(text_[at_ + 1]) : std::nullopt;
      if (!what) return mistake("an escape is one of \\n \\r \\t \\\\ \\' \\\"", at_);
      token.text += *what;
      ++at_;
    }
    if (at_ == text_.size()) return mistake("a text without its closing quote", token.at);
    ++at_;
    return {};
  }

  Result<void> take_number(Token& token) {
    token.kind = Token::Kind::number;
    const auto* begin = text_.data() + at_;
    const auto read = std::from_chars(begin, text_.data() + text_.size(), token.number);
    at_ += static_cast<std::size_t>(read.ptr - begin);
    if (read.ec != std::errc() || (at_ < text_.size() && begins_name(text_[at_])))
      return mistake("not a number", token.at);
    return {};
  }

  Result<void> take_name(Token& token) {
    token.kind = Token::Kind::name;
    while (at_ < text_.size() && (begins_name(text_[at_]) || is_digit(text_[at_])))
      token.text += text_[at_++];
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

tl::unexpected<Error> mistake(std::string_view what, std::size_t at) {
  return fail(Fault::caller_bad_request, fmt::format("{} (at character {})", what, at + 1));
}

Result<std::vector<Token>> tokenize(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace troupe::rules
