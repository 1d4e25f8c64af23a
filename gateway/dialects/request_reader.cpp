#include "gateway/dialects/request_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace troupe::dialects {

Failure Reader::pass(json::Value& value) {
  const auto seen = json::check(value, 1);
  raw_ = seen.raw;
  if (seen.error) return bad_json(seen.error);
  return std::nullopt;
}

Failure Reader::passed(json::Value& value, std::string_view first) {
  const char* end = nullptr;
  const char closing = first.front() == '[' ? ']' : '}';
  if (auto error = value.current_location().get(end)) return bad_json(error);
  while (end[-1] != closing) --end;
  raw_ = {first.data(), static_cast<std::size_t>(end - first.data())};
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
  for (std::size_t i = 0; i < known_.size() && !known; ++i) {
    if (known_[i].name != key) continue;
    known = &known_[i];
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

bool Reader::seen(std::string_view name) const {
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (known_[i].name == name) return (seen_ & (1U << i)) != 0;
  }
  return false;
}

Failure Reader::finish() {
  if (!seen("model") || out_.model.empty()) {
    return Error{Fault::caller_bad_request, "You must provide a model parameter.", "model",
                 "missing_required_parameter"};
  }
  if (!seen(question_) && !refers_) {
    return Error{Fault::caller_bad_request, fmt::format("Missing required parameter: '{}'.", question_),
                 std::string(question_), "missing_required_parameter"};
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

}  // namespace troupe::dialects
