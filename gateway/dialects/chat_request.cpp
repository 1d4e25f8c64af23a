#include "gateway/dialects/chat_request.hpp"

#include <fmt/format.h>
#include <array>
#include <charconv>

#include "gateway/dialects/chat_messages.hpp"
#include "gateway/dialects/json_walk.hpp"

namespace troupe::dialects {
namespace {

/// A parser keeps about five bytes for each byte of its longest document: beyond this it is not kept.
constexpr std::size_t kKeptParser = 1 << 20;

using Failure = std::optional<Error>;

class Reader {
 public:
  explicit Reader(ChatRequest& request) : out_(request) {}
  Failure read(simdjson::ondemand::parser& parser);

 private:
  using Take = Failure (Reader::*)(json::Value& value, std::string_view name);
  struct Known {
    std::string_view name;
    Take take;
    bool ours = false;
  };
  static const std::array<Known, 16> kKnown;

  Failure member(simdjson::ondemand::field& field);
  Failure finish();
  /// Checks the value and remembers where it stands.
  Failure pass(json::Value& value);

  Failure take_model(json::Value& value, std::string_view name);
  Failure take_messages(json::Value& value, std::string_view name);
  Failure take_stream(json::Value& value, std::string_view name);
  Failure take_stream_options(json::Value& value, std::string_view name);
  Failure take_tools(json::Value& value, std::string_view name);
  Failure take_format(json::Value& value, std::string_view name);
  Failure take_max_tokens(json::Value& value, std::string_view name);
  Failure take_n(json::Value& value, std::string_view name);
  Failure take_user(json::Value& value, std::string_view name);
  Failure take_max_cost(json::Value& value, std::string_view name);
  Failure take_max_latency(json::Value& value, std::string_view name);
  Failure take_fallback(json::Value& value, std::string_view name);
  Failure whole_number(json::Value& value, std::string_view name, std::optional<std::int64_t>& into);

  ChatRequest::Span span(std::string_view raw) const {
    const auto begin = static_cast<std::size_t>(raw.data() - out_.body.data());
    return {begin, begin + raw.size()};
  }
  std::size_t after_comma(std::size_t at) const;

  ChatRequest& out_;
  Weight weight_;
  std::string_view raw_;  ///< the value that was passed last
  std::optional<std::int64_t> max_tokens_, max_completion_tokens_, n_;
  std::uint32_t seen_ = 0;
  std::size_t kept_end_ = 0;  ///< end of the last member that is not ours
};

const std::array<Reader::Known, 16> Reader::kKnown{{
    {"model", &Reader::take_model},
    {"messages", &Reader::take_messages},
    {"stream", &Reader::take_stream},
    {"stream_options", &Reader::take_stream_options},
    {"tools", &Reader::take_tools},
    {"functions", &Reader::take_tools},
    {"response_format", &Reader::take_format},
    {"max_tokens", &Reader::take_max_tokens},
    {"max_completion_tokens", &Reader::take_max_tokens},
    {"n", &Reader::take_n},
    {"user", &Reader::take_user},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

Failure Reader::pass(json::Value& value) {
  const auto seen = json::check(value, 1);
  raw_ = seen.raw;
  if (seen.error) return bad_json(seen.error);
  return std::nullopt;
}

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
  const char* end = nullptr;
  if (auto error = value.current_location().get(end)) return bad_json(error);
  while (end[-1] != ']') --end;
  raw_ = {first.data(), static_cast<std::size_t>(end - first.data())};
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
  const char* end = nullptr;
  if (auto error = value.current_location().get(end)) return bad_json(error);
  while (end[-1] != '}') --end;
  raw_ = {first.data(), static_cast<std::size_t>(end - first.data())};
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

Failure Reader::whole_number(json::Value& value, std::string_view name, std::optional<std::int64_t>& into) {
  if (auto failure = pass(value)) return failure;
  if (raw_ == "null") return std::nullopt;
  std::int64_t number = 0;
  const auto* end = raw_.data() + raw_.size();
  const auto [at, error] = std::from_chars(raw_.data(), end, number);
  if (error != std::errc{} || at != end) return wrong_type(name, "an integer", raw_);
  into = number;
  if (number >= 1) return std::nullopt;
  return Error{
      Fault::caller_bad_request,
      fmt::format("Invalid '{}': integer below minimum value. Expected a value >= 1, but got {} instead.",
                  name, number),
      std::string(name), "integer_below_min_value"};
}

Failure Reader::take_max_tokens(json::Value& value, std::string_view name) {
  return whole_number(value, name, name == "max_tokens" ? max_tokens_ : max_completion_tokens_);
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

/// Just behind the comma that follows `at`, or 0 when the object ends there.
std::size_t Reader::after_comma(std::size_t at) const {
  const auto next = out_.body.find_first_not_of(" \t\r\n", at);
  return next != std::string::npos && out_.body[next] == ',' ? next + 1 : 0;
}

Failure Reader::member(simdjson::ondemand::field& field) {
  const auto key_at = static_cast<std::size_t>(field.key().raw() - out_.body.data()) - 1;
  std::string_view key;
  if (auto error = field.unescaped_key().get(key)) return bad_json(error);
  const Known* known = nullptr;
  for (std::size_t i = 0; i < kKnown.size() && !known; ++i) {
    if (kKnown[i].name != key || !kKnown[i].take) continue;
    known = &kKnown[i];
    if ((seen_ & (1U << i)) != 0) {
      return Error{Fault::caller_bad_request, fmt::format("'{}' stands twice in the body.", known->name),
                   std::string(known->name), "duplicate_parameter"};
    }
    seen_ |= 1U << i;
  }
  auto failure = known ? (this->*known->take)(field.value(), known->name) : pass(field.value());
  if (failure) return failure;
  const auto end = span(raw_).end;
  if (!known || !known->ours) {
    kept_end_ = end;
  } else if (const auto comma = after_comma(end)) {
    out_.remove.push_back({key_at, comma});
  } else {
    // The last member: the comma to go is the one before, behind the last member that stays.
    while (!out_.remove.empty() && out_.remove.back().begin >= kept_end_) out_.remove.pop_back();
    out_.remove.push_back({kept_end_, end});
  }
  return std::nullopt;
}

Failure Reader::finish() {
  const auto missing = [&](std::string_view name) { return (seen_ & (1U << (name == "messages"))) == 0; };
  if (missing("model") || out_.model.empty()) {
    return Error{Fault::caller_bad_request, "You must provide a model parameter.", "model",
                 "missing_required_parameter"};
  }
  if (missing("messages")) {
    return Error{Fault::caller_bad_request, "Missing required parameter: 'messages'.", "messages",
                 "missing_required_parameter"};
  }
  out_.messages = weight_.messages;
  out_.images = weight_.images;
  out_.input_estimate = weight_.tokens();
  out_.max_output = max_completion_tokens_ ? max_completion_tokens_ : max_tokens_;
  out_.choices = n_.value_or(1);
  return std::nullopt;
}

Failure Reader::read(simdjson::ondemand::parser& parser) {
  const simdjson::padded_string_view text(out_.body.data(), out_.body.size(), out_.body.capacity());
  simdjson::ondemand::document document;
  simdjson::ondemand::json_type type{};
  simdjson::ondemand::object object;
  if (auto error = parser.iterate(text).get(document)) return bad_json(error);
  if (auto error = document.type().get(type)) return bad_json(error);
  if (type != simdjson::ondemand::json_type::object) {
    return Error{Fault::caller_bad_request, "Invalid body: expected a JSON object.", {}, "invalid_type"};
  }
  if (auto error = document.get_object().get(object)) return bad_json(error);
  const auto inside = out_.body.find('{') + 1;
  out_.insert_at = {inside, inside};
  for (auto item : object) {
    simdjson::ondemand::field field;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto failure = member(field)) return failure;
  }
  const bool more = document.current_location().error() != simdjson::OUT_OF_BOUNDS;
  if (more) return bad_json(simdjson::TAPE_ERROR);
  return finish();
}

}  // namespace

Result<ChatRequest> parse_chat_request(std::string body) {
  ChatRequest request;
  request.body = std::move(body);
  request.body.reserve(request.body.size() + simdjson::SIMDJSON_PADDING);
  Reader reader(request);
  Failure failure;
  if (request.body.size() <= kKeptParser) {
    thread_local simdjson::ondemand::parser parser;
    failure = reader.read(parser);
  } else {
    simdjson::ondemand::parser parser;
    failure = reader.read(parser);
  }
  if (failure) return tl::unexpected<Error>(std::move(*failure));
  return request;
}

}  // namespace troupe::dialects
