#pragma once
// One condition, ready to be asked.
#include <memory>
#include <string>
#include <string_view>

#include "config/rules/facts.hpp"
#include "core/result.hpp"

namespace troupe::rules {

struct Program;

/// Immutable; shared by all threads.
class Rule {
 public:
  /// Parses and checks a condition in a subset of CEL (github.com/google/cel-spec):
  /// || && ! == != < <= > >= in + - * /, parentheses, lists, texts in either quotes, numbers, true and false,
  /// the words of kFields, headers["name"] and tags["name"] or tags.name, size(text), and of texts contains,
  /// startsWith, endsWith and matches (RE2, anywhere in the text). Types are checked here: what comes out
  /// cannot fail. Fails with caller_bad_request: what is wrong, and at which character.
  static Result<Rule> parse(std::string_view text);

  /// Whether the condition holds. About a tenth of a microsecond for each comparison; `matches` looks at the
  /// first 16 KiB of a text.
  bool holds(const Facts& facts) const;
  /// Whether the condition asks for this anywhere.
  bool asks(Field field) const;

 private:
  explicit Rule(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace troupe::rules
