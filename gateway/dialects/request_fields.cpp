#include <fmt/format.h>
#include <charconv>
#include <utility>

#include "gateway/dialects/request_reader.hpp"

namespace troupe::dialects {

Failure Reader::take_model(json::Value& value, std::string_view name) {
  raw_ = json::token(value);
  if (raw_.empty() || raw_.front() != '"') return wrong_type(name, "a string", raw_);
  out_.model_value = span(raw_);
  std::string_view model;
  if (auto error = value.get_string().get(model)) return bad_json(error);
  out_.model.assign(model);
  return std::nullopt;
}

Failure Reader::take_messages(json::Value& value, std::string_view) {
  const auto first = json::token(value);
  if (auto failure = weigh_messages(value, weight_)) return failure;
  return passed(value, first);
}

Failure Reader::take_content(json::Value& value, std::string_view name) {
  const auto first = json::token(value);
  const char lead = first.empty() ? '\0' : first.front();
  if (lead != '"' && lead != '[' && lead != '{') {
    if (auto failure = pass(value)) return failure;
    return lead == 'n' ? std::nullopt : Failure(wrong_type(name, "a string or an array", raw_));
  }
  if (auto failure = weigh_any(value, name, 1, weight_)) return failure;
  if (lead != '"') return passed(value, first);
  raw_ = first;
  return std::nullopt;
}

Failure Reader::take_stream(json::Value& value, std::string_view name) {
  if (auto failure = pass(value)) return failure;
  if (raw_ != "true" && raw_ != "false" && raw_ != "null") return wrong_type(name, "a boolean", raw_);
  out_.stream = raw_ == "true";
  return std::nullopt;
}

Failure Reader::take_stream_options(json::Value& value, std::string_view name) {
  const auto first = json::token(value);
  if (first.empty() || first.front() != '{') {
    if (auto failure = pass(value)) return failure;
    if (raw_ != "null") return wrong_type(name, "an object", raw_);
    out_.stream_options_value = span(raw_);
    return std::nullopt;
  }
  simdjson::ondemand::object object;
  if (auto error = value.get_object().get(object)) return bad_json(error);
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto error = field.unescaped_key().get(key)) return bad_json(error);
    const bool usage = key == "include_usage";
    const auto seen = json::check(field.value(), 2);
    if (seen.error) return bad_json(seen.error);
    if (!usage) continue;
    constexpr std::string_view path = "stream_options.include_usage";
    if (out_.include_usage_value.present()) {
      return Error{Fault::caller_bad_request, "'stream_options.include_usage' stands twice in the body.",
                   std::string(path), "duplicate_parameter"};
    }
    if (seen.raw != "true" && seen.raw != "false" && seen.raw != "null") {
      return wrong_type(path, "a boolean", seen.raw);
    }
    out_.include_usage = seen.raw == "true";
    out_.include_usage_value = span(seen.raw);
  }
  if (auto failure = passed(value, first)) return failure;
  out_.stream_options_value = span(raw_);
  return std::nullopt;
}

Failure Reader::take_tools(json::Value& value, std::string_view name) {
  if (auto failure = pass(value)) return failure;
  if (raw_ == "null") return std::nullopt;
  if (raw_.front() != '[') return wrong_type(name, "an array of objects", raw_);
  out_.tools = out_.tools || raw_.find('{') != raw_.npos;
  weight_.text_bytes += static_cast<std::int64_t>(raw_.size());
  return std::nullopt;
}

Failure Reader::take_format(json::Value& value, std::string_view name) {
  if (auto failure = pass(value)) return failure;
  if (raw_ == "null") return std::nullopt;
  if (raw_.front() != '{') return wrong_type(name, "an object", raw_);
  out_.json_schema = raw_.find("\"json_schema\"") != raw_.npos;
  weight_.text_bytes += static_cast<std::int64_t>(raw_.size());
  return std::nullopt;
}

Failure Reader::take_max_tokens(json::Value& value, std::string_view name) {
  return whole_number(value, name, name == "max_completion_tokens" ? max_completion_tokens_ : max_tokens_);
}

Failure Reader::take_n(json::Value& value, std::string_view name) {
  return whole_number(value, name, n_);
}

Failure Reader::take_user(json::Value& value, std::string_view name) {
  raw_ = json::token(value);
  if (raw_ == "null") return pass(value);
  if (raw_.empty() || raw_.front() != '"') return wrong_type(name, "a string", raw_);
  std::string_view user;
  if (auto error = value.get_string().get(user)) return bad_json(error);
  out_.user.assign(user);
  return std::nullopt;
}

/// OpenAI's newer name of the same person.
Failure Reader::take_safety_identifier(json::Value& value, std::string_view name) {
  const auto known = std::exchange(out_.user, {});
  auto failure = take_user(value, name);
  if (!known.empty()) out_.user = known;
  return failure;
}

/// Anthropic's place for the end user: {"user_id": "..."}.
Failure Reader::take_metadata(json::Value& value, std::string_view) {
  const auto first = json::token(value);
  if (first.empty() || first.front() != '{') return pass(value);
  simdjson::ondemand::object object;
  if (auto error = value.get_object().get(object)) return bad_json(error);
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto error = field.unescaped_key().get(key)) return bad_json(error);
    const bool user = key == "user_id";
    const auto seen_value = json::check(field.value(), 2);
    if (seen_value.error) return bad_json(seen_value.error);
    const auto raw = seen_value.raw;
    const bool plain = raw.size() > 2 && raw.front() == '"' && raw.find('\\') == raw.npos;
    if (user && plain) out_.user.assign(raw.substr(1, raw.size() - 2));
  }
  return passed(value, first);
}

Failure Reader::take_max_cost(json::Value& value, std::string_view name) {
  if (auto failure = pass(value)) return failure;
  if (raw_ == "null") return std::nullopt;
  double dollars = 0;
  const auto* end = raw_.data() + raw_.size();
  const auto [at, error] = std::from_chars(raw_.data(), end, dollars);
  if (error != std::errc{} || at != end || dollars < 0) {
    return wrong_type(name, "a number of US dollars, 0 or more", raw_);
  }
  out_.max_cost_usd = dollars;
  return std::nullopt;
}

Failure Reader::take_max_latency(json::Value& value, std::string_view name) {
  return whole_number(value, name, out_.max_latency_ms);
}

Failure Reader::take_fallback(json::Value& value, std::string_view name) {
  if (auto failure = pass(value)) return failure;
  if (raw_ == "null") return std::nullopt;
  const bool off = raw_ == "\"off\"" || raw_ == "false";
  if (!off && raw_ != "\"on\"" && raw_ != "true")
    return wrong_type(name, "\"on\", \"off\" or a boolean", raw_);
  out_.fallback = !off;
  return std::nullopt;
}

Failure Reader::take_reference(json::Value& value, std::string_view name) {
  if (auto failure = take_content(value, name)) return failure;
  refers_ = refers_ || raw_ != "null";
  return std::nullopt;
}

}  // namespace troupe::dialects
