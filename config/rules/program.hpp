#pragma once
// A checked condition as a tree in a vector: children stand before their parents.
#include <re2/re2.h>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/rules/facts.hpp"

namespace troupe::rules {

enum class Op : std::uint8_t {
  constant,
  field,
  negate,  // !
  both,    // &&
  either,  // ||
  equal,
  unequal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,  // left: a value; `list`
  plus,
  minus,
  times,
  over,
  size,
  contains,
  starts_with,
  ends_with,
  matches,
};

/// What a constant holds; texts are owned here.
using Constant = std::variant<bool, double, std::string>;

struct Node {
  Op op = Op::constant;
  Type type = Type::truth;  ///< of what it gives
  std::uint32_t left = 0, right = 0;
  Field field = Field::model;
  std::string key;  ///< of a header or tag
  Constant constant;
  std::vector<Constant> list;
  std::shared_ptr<const re2::RE2> pattern;
};

struct Program {
  std::vector<Node> nodes;  ///< the last one is the condition
  Value value(const Facts& facts, std::uint32_t node) const;
  bool truth(const Facts& facts, std::uint32_t node) const { return std::get<bool>(value(facts, node)); }
};

}  // namespace troupe::rules
