#include "config/rules/parser.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include <utility>

#include "config/rules/lexer.hpp"

namespace troupe::rules {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kLongest = 4 << 10;

std::string_view word(Type type) {
  constexpr std::string_view kWords[] = {"a condition", "a number", "a text", "a table"};
  return kWords[static_cast<std::size_t>(type)];
}

std::optional<Op> comparison(std::string_view sign) {
  constexpr std::pair<std::string_view, Op> kOps[] = {{"==", Op::equal},  {"!=", Op::unequal},
                                                      {"<", Op::less},    {"<=", Op::less_equal},
                                                      {">", Op::greater}, {">=", Op::greater_equal}};
  for (const auto& [text, op] : kOps) {
    if (text == sign) return op;
  }
  return std::nullopt;
}

std::optional<Op> method(std::string_view name) {
  constexpr std::pair<std::string_view, Op> kOps[] = {{"contains", Op::contains},
                                                      {"startsWith", Op::starts_with},
                                                      {"endsWith", Op::ends_with},
                                                      {"matches", Op::matches}};
  for (const auto& [text, op] : kOps) {
    if (text == name) return op;
  }
  return std::nullopt;
}

const FieldName* field(std::string_view name) {
  const auto* at = std::find_if(kFields.begin(), kFields.end(),
                                [&](const FieldName& known) { return known.name == name; });
  return at == kFields.end() ? nullptr : at;
}

using Child = Result<std::uint32_t>;

/// Recursive descent; every method gives the index of the node that it made.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Program> run() {
    auto root = either();
    if (!root) return tl::unexpected<Error>(root.error());
    if (token().kind != Token::Kind::end) return wrong("this does not belong here");
    if (auto fits = needs(*root, Type::truth, 0); !fits) return tl::unexpected<Error>(fits.error());
    return std::move(program_);
  }

 private:
  const Token& token() const { return tokens_[at_]; }
  bool is(std::string_view sign) const { return token().kind == Token::Kind::sign && token().text == sign; }
  bool take(std::string_view sign) {
    if (!is(sign)) return false;
    ++at_;
    return true;
  }
  tl::unexpected<Error> wrong(std::string_view what) const { return mistake(what, token().at); }
  Result<void> needs(std::uint32_t node, Type type, std::size_t at) const {
    const auto is_type = program_.nodes[node].type;
    if (is_type == type) return {};
    return mistake(fmt::format("{} is needed here, this is {}", word(type), word(is_type)), at);
  }
  std::uint32_t add(Node node) {
    program_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(program_.nodes.size() - 1);
  }
  std::uint32_t add(Op op, Type type, std::uint32_t left, std::uint32_t right = 0) {
    Node node;
    node.op = op;
    node.type = type;
    node.left = left;
    node.right = right;
    return add(std::move(node));
  }

  /// One level of binary operators whose sides and result are of one type.
  template <class Next>
  Child level(std::initializer_list<std::pair<std::string_view, Op>> ops, Type type, Next next) {
    const auto begin = token().at;
    auto left = (this->*next)();
    while (left) {
      const auto* op = std::find_if(ops.begin(), ops.end(), [&](const auto& one) { return is(one.first); });
      if (op == ops.end()) break;
      if (auto fits = needs(*left, type, begin); !fits) return tl::unexpected<Error>(fits.error());
      ++at_;
      const auto at = token().at;
      auto right = (this->*next)();
      if (!right) return right;
      if (auto fits = needs(*right, type, at); !fits) return tl::unexpected<Error>(fits.error());
      left = add(op->second, type, *left, *right);
    }
    return left;
  }

  Child either() {
    if (++depth_ > kDeepest) return wrong("too many parentheses");
    auto made = level({{"||", Op::either}}, Type::truth, &Parser::both);
    --depth_;
    return made;
  }
  Child both() { return level({{"&&", Op::both}}, Type::truth, &Parser::relation); }
  Child sum() { return level({{"+", Op::plus}, {"-", Op::minus}}, Type::number, &Parser::product); }
  Child product() { return level({{"*", Op::times}, {"/", Op::over}}, Type::number, &Parser::unary); }

  Child relation() {
    auto left = sum();
    if (!left) return left;
    if (token().kind == Token::Kind::name && token().text == "in") return membership(*left);
    const auto op = token().kind == Token::Kind::sign ? comparison(token().text) : std::nullopt;
    if (!op) return left;
    ++at_;
    const auto at = token().at;
    auto right = sum();
    if (!right) return right;
    const auto type = program_.nodes[*left].type;
    if (auto fits = needs(*right, type, at); !fits) return tl::unexpected<Error>(fits.error());
    const bool orders = *op != Op::equal && *op != Op::unequal;
    if (type == Type::texts || (orders && type == Type::truth))
      return mistake(fmt::format("{} cannot be compared so", word(type)), at);
    return add(*op, Type::truth, *left, *right);
  }

  Child membership(std::uint32_t left) {
    ++at_;
    if (!take("[")) return wrong("a list [ ... ] follows 'in'");
    Node node;
    node.op = Op::in;
    node.left = left;
    while (!take("]")) {
      const auto at = token().at;
      auto one = constant();
      if (!one) return wrong("a list holds texts, numbers, true and false");
      if (one->type != program_.nodes[left].type)
        return mistake("the list's values are of another kind than what is sought in it", at);
      node.list.push_back(std::move(one->constant));
      if (!is("]") && !take(",")) return wrong("',' or ']' is missing");
    }
    return add(std::move(node));
  }

  /// The literal that stands here; nullopt, and nothing taken, when there is none.
  std::optional<Node> constant() {
    Node node;
    const bool minus = is("-") && tokens_[at_ + 1].kind == Token::Kind::number;
    if (minus) ++at_;
    if (token().kind == Token::Kind::number) {
      node.type = Type::number;
      node.constant = minus ? -token().number : token().number;
    } else if (token().kind == Token::Kind::text) {
      node.type = Type::text;
      node.constant = token().text;
    } else if (token().kind == Token::Kind::name && (token().text == "true" || token().text == "false")) {
      node.constant = token().text == "true";
    } else {
      return std::nullopt;
    }
    ++at_;
    return node;
  }

  Child unary() {
    if (!take("!")) return postfix();
    if (++depth_ > kDeepest) return wrong("too many '!'");
    const auto at = token().at;
    auto inner = unary();
    --depth_;
    if (!inner) return inner;
    if (auto fits = needs(*inner, Type::truth, at); !fits) return tl::unexpected<Error>(fits.error());
    return add(Op::negate, Type::truth, *inner);
  }

  Child postfix() {
    const auto begin = token().at;
    auto made = primary();
    while (made && take(".")) {
      const auto op = token().kind == Token::Kind::name ? method(token().text) : std::nullopt;
      if (!op) return wrong("one of contains, startsWith, endsWith, matches follows a text's '.'");
      if (auto fits = needs(*made, Type::text, begin); !fits) return tl::unexpected<Error>(fits.error());
      ++at_;
      if (!take("(")) return wrong("'(' is missing");
      made = *op == Op::matches ? matching(*made) : searching(*op, *made);
      if (made && !take(")")) return wrong("')' is missing");
    }
    return made;
  }

  Child searching(Op op, std::uint32_t text) {
    const auto at = token().at;
    auto part = either();
    if (!part) return part;
    if (auto fits = needs(*part, Type::text, at); !fits) return tl::unexpected<Error>(fits.error());
    return add(op, Type::truth, text, *part);
  }

  Child matching(std::uint32_t text) {
    if (token().kind != Token::Kind::text) return wrong("matches() wants its pattern in quotes");
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto pattern = std::make_shared<const re2::RE2>(token().text, options);
    if (!pattern->ok()) return wrong("not a regular expression (RE2): " + pattern->error());
    ++at_;
    Node node;
    node.op = Op::matches;
    node.left = text;
    node.pattern = std::move(pattern);
    return add(std::move(node));
  }

  Child primary() {
    if (auto literal = constant()) return add(std::move(*literal));
    if (take("(")) {
      auto inner = either();
      if (inner && !take(")")) return wrong("')' is missing");
      return inner;
    }
    if (token().kind != Token::Kind::name) return wrong("a value is missing here");
    if (token().text == "size") return size();
    return name();
  }

  Child size() {
    ++at_;
    if (!take("(")) return wrong("'(' is missing");
    const auto at = token().at;
    auto inner = either();
    if (!inner) return inner;
    if (auto fits = needs(*inner, Type::text, at); !fits) return tl::unexpected<Error>(fits.error());
    if (!take(")")) return wrong("')' is missing");
    return add(Op::size, Type::number, *inner);
  }

  /// A field, whose name may have a dot in it.
  Child name() {
    const auto begin = at_;
    auto text = token().text;
    ++at_;
    const auto* known = field(text);
    if (known == nullptr && is(".") && tokens_[at_ + 1].kind == Token::Kind::name) {
      text += "." + tokens_[at_ + 1].text;
      known = field(text);
      at_ += 2;
    }
    if (known == nullptr) return mistake(unknown(text), tokens_[begin].at);
    Node node;
    node.op = Op::field;
    node.field = known->field;
    node.type = known->type;
    if (known->type != Type::texts) return add(std::move(node));
    node.type = Type::text;
    if (take("[")) {
      if (token().kind != Token::Kind::text) return wrong("a name in quotes is missing");
      node.key = token().text;
      ++at_;
      if (!take("]")) return wrong("']' is missing");
    } else if (take(".") && token().kind == Token::Kind::name) {
      node.key = token().text;
      ++at_;
    } else {
      return wrong(fmt::format("write {}[\"name\"]", text));
    }
    if (known->field == Field::headers) {
      std::transform(node.key.begin(), node.key.end(), node.key.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
    return add(std::move(node));
  }

  static std::string unknown(std::string_view name) {
    std::string all;
    for (const auto& known : kFields) all.append(all.empty() ? "" : ", ").append(known.name);
    return fmt::format("nobody knows \"{}\"; there are {}", name, all);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Program program_;
};

}  // namespace

Result<Program> parse_program(std::string_view text) {
  // A chain of && is as deep a tree as it is long.
  if (text.size() > kLongest) return mistake("longer than 4 KiB", kLongest);
  auto tokens = tokenize(text);
  if (!tokens) return tl::unexpected<Error>(tokens.error());
  return Parser(std::move(*tokens)).run();
}

}  // namespace troupe::rules
