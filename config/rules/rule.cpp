#include "config/rules/rule.hpp"

#include <algorithm>

#include "config/rules/parser.hpp"

namespace troupe::rules {

Result<Rule> Rule::parse(std::string_view text) {
  auto program = parse_program(text);
  if (!program) return tl::unexpected<Error>(program.error());
  return Rule(std::make_shared<const Program>(std::move(*program)));
}

bool Rule::holds(const Facts& facts) const {
  return program_->truth(facts, static_cast<std::uint32_t>(program_->nodes.size() - 1));
}

bool Rule::asks(Field field) const {
  return std::any_of(program_->nodes.begin(), program_->nodes.end(),
                     [&](const Node& node) { return node.op == Op::field && node.field == field; });
}

}  // namespace troupe::rules
