#pragma once
// What a condition may ask of a request.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::rules {

enum class Type : std::uint8_t { truth, number, text, texts };

/// A value of a condition; views live as long as the Facts and the rule.
using Value = std::variant<bool, double, std::string_view>;

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// One request. Whoever fills it in need not fill in what no rule asks (see Rule::asks).
struct Facts {
  std::string_view model;                     ///< as the client asked
  std::string_view task;                      ///< of x-troupe-task, else by the classifier; "" = none
  std::string_view tenant, user;              ///< "" = none
  std::string_view last_message;              ///< text of the last message of the user
  std::string_view response_format = "text";  ///< text, json_object, json_schema
  double input_tokens = 0;                    ///< estimated
  double max_tokens = 0;                      ///< 0 = the client sets no cap
  double messages = 0, tools = 0, images = 0;
  bool stream = false;
  double budget_used = 0;  ///< of the tenant's budget, 0 to 1 and a little more; 0 without one
  double percent = 0;      ///< 0 up to 100: the same for the same caller, for canaries
  double hour = 0, minute = 0, weekday = 0;  ///< UTC; weekday 0 is Sunday
  const Pairs* headers = nullptr;            ///< lower-case names
  const Pairs* tags = nullptr;
};

enum class Field : std::uint8_t {
  model,
  task,
  tenant,
  user,
  last_message,
  response_format,
  input_tokens,
  max_tokens,
  messages_count,
  tools_count,
  images_count,
  has_tools,
  has_images,
  stream,
  budget_used,
  percent,
  hour,
  minute,
  weekday,
  headers,
  tags,
};

struct FieldName {
  std::string_view name;
  Field field;
  Type type;
};

/// Every word that a condition may use, as it is written.
inline constexpr std::array<FieldName, 21> kFields{{
    {"model", Field::model, Type::text},
    {"task", Field::task, Type::text},
    {"tenant", Field::tenant, Type::text},
    {"user", Field::user, Type::text},
    {"last_message", Field::last_message, Type::text},
    {"response_format", Field::response_format, Type::text},
    {"input_tokens", Field::input_tokens, Type::number},
    {"max_tokens", Field::max_tokens, Type::number},
    {"messages.count", Field::messages_count, Type::number},
    {"tools.count", Field::tools_count, Type::number},
    {"images.count", Field::images_count, Type::number},
    {"has_tools", Field::has_tools, Type::truth},
    {"has_images", Field::has_images, Type::truth},
    {"stream", Field::stream, Type::truth},
    {"budget.used", Field::budget_used, Type::number},
    {"percent", Field::percent, Type::number},
    {"time.hour", Field::hour, Type::number},
    {"time.minute", Field::minute, Type::number},
    {"time.weekday", Field::weekday, Type::number},
    {"headers", Field::headers, Type::texts},
    {"tags", Field::tags, Type::texts},
}};

/// What the request says there. `key` is the member's name for headers and tags ("" when it is absent).
Value value_of(const Facts& facts, Field field, std::string_view key = {});

}  // namespace troupe::rules
