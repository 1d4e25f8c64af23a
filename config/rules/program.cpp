#include "config/rules/program.hpp"

#include <algorithm>

namespace troupe::rules {
namespace {

constexpr std::size_t kMostMatched = 16 << 10;

Value view(const Constant& constant) {
  if (const auto* text = std::get_if<std::string>(&constant)) return std::string_view(*text);
  if (const auto* number = std::get_if<double>(&constant)) return *number;
  return std::get<bool>(constant);
}

bool compare(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::equal:
      return a == b;
    case Op::unequal:
      return a != b;
    case Op::less:
      return a < b;
    case Op::less_equal:
      return a <= b;
    case Op::greater:
      return a > b;
    default:
      return a >= b;
  }
}

double reckon(Op op, double a, double b) {
  switch (op) {
    case Op::plus:
      return a + b;
    case Op::minus:
      return a - b;
    case Op::times:
      return a * b;
    default:
      return b == 0 ? 0 : a / b;
  }
}

bool search(Op op, std::string_view text, std::string_view part) {
  if (op == Op::contains) return text.find(part) != text.npos;
  return op == Op::starts_with ? text.starts_with(part) : text.ends_with(part);
}

bool matches(const re2::RE2& pattern, std::string_view text) {
  const auto seen = text.substr(0, kMostMatched);
  return re2::RE2::PartialMatch(re2::StringPiece(seen.data(), seen.size()), pattern);
}

}  // namespace

Value Program::value(const Facts& facts, std::uint32_t at) const {
  const auto& node = nodes[at];
  const auto left = [&] { return value(facts, node.left); };
  const auto right = [&] { return value(facts, node.right); };
  const auto text = [](const Value& from) { return std::get<std::string_view>(from); };
  switch (node.op) {
    case Op::constant:
      return view(node.constant);
    case Op::field:
      return value_of(facts, node.field, node.key);
    case Op::negate:
      return !truth(facts, node.left);
    case Op::both:
      return truth(facts, node.left) && truth(facts, node.right);
    case Op::either:
      return truth(facts, node.left) || truth(facts, node.right);
    case Op::in: {
      const auto sought = left();
      return std::any_of(node.list.begin(), node.list.end(),
                         [&](const Constant& one) { return view(one) == sought; });
    }
    case Op::plus:
    case Op::minus:
    case Op::times:
    case Op::over:
      return reckon(node.op, std::get<double>(left()), std::get<double>(right()));
    case Op::size:
      return static_cast<double>(text(left()).size());
    case Op::contains:
    case Op::starts_with:
    case Op::ends_with:
      return search(node.op, text(left()), text(right()));
    case Op::matches:
      return matches(*node.pattern, text(left()));
    default:
      return compare(node.op, left(), right());
  }
}

}  // namespace troupe::rules
