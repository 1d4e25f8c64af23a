#include "config/rules/facts.hpp"

namespace troupe::rules {
namespace {

std::string_view find(const Pairs* pairs, std::string_view key) {
  if (pairs == nullptr) return {};
  for (const auto& [name, value] : *pairs) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace

Value value_of(const Facts& facts, Field field, std::string_view key) {
  switch (field) {
    case Field::model:
      return facts.model;
    case Field::task:
      return facts.task;
    case Field::tenant:
      return facts.tenant;
    case Field::user:
      return facts.user;
    case Field::last_message:
      return facts.last_message;
    case Field::response_format:
      return facts.response_format;
    case Field::input_tokens:
      return facts.input_tokens;
    case Field::max_tokens:
      return facts.max_tokens;
    case Field::messages_count:
      return facts.messages;
    case Field::tools_count:
      return facts.tools;
    case Field::images_count:
      return facts.images;
    case Field::has_tools:
      return facts.tools > 0;
    case Field::has_images:
      return facts.images > 0;
    case Field::stream:
      return facts.stream;
    case Field::budget_used:
      return facts.budget_used;
    case Field::percent:
      return facts.percent;
    case Field::hour:
      return facts.hour;
    case Field::minute:
      return facts.minute;
    case Field::weekday:
      return facts.weekday;
    case Field::headers:
      return find(facts.headers, key);
    case Field::tags:
      return find(facts.tags, key);
  }
  return false;
}

}  // namespace troupe::rules
