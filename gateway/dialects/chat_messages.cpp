#include "gateway/dialects/chat_messages.hpp"

#include <fmt/format.h>

namespace troupe::dialects {
namespace {

constexpr int kDepth = 3;  // of a message's fields: root, messages, message

/// Where an error happened, spelled only when one did.
struct Place {
  std::int64_t message = 0, part = -1;
  std::string path(std::string_view field = {}) const {
    auto text = fmt::format("messages[{}]", message);
    if (part >= 0) text += fmt::format(".content[{}]", part);
    return field.empty() ? text : fmt::format("{}.{}", text, field);
  }
};

/// One element of a content array: {"type":"text","text":...} or an attachment.
std::optional<Error> weigh_part(json::Value& value, const Place& place, Weight& weight) {
  const auto first = json::token(value);
  simdjson::ondemand::object object;
  if (first.empty() || first.front() != '{') return wrong_type(place.path(), "an object", first);
  if (auto error = value.get_object().get(object)) return bad_json(error);
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto error = field.unescaped_key().get(key)) return bad_json(error);
    const auto seen = json::check(field.value(), kDepth + 2);
    if (seen.error) return bad_json(seen.error);
    if (key == "text" || key == "refusal") {
      weight.text_bytes += static_cast<std::int64_t>(seen.text);
    } else if (key == "image_url" || key == "file" || key == "input_audio" || key == "video_url") {
      ++weight.attachments;
      weight.images = weight.images || key == "image_url";
    }
  }
  return std::nullopt;
}

std::optional<Error> weigh_content(json::Value& value, Place place, Weight& weight) {
  const auto first = json::token(value);
  const char lead = first.empty() ? '\0' : first.front();
  if (lead != '[') {
    const auto seen = json::check(value, kDepth);
    if (seen.error) return bad_json(seen.error);
    if (lead != '"' && lead != 'n') {
      return wrong_type(place.path("content"), "one of a string or array of objects", first);
    }
    if (lead == '"') weight.text_bytes += static_cast<std::int64_t>(seen.text);
    return std::nullopt;
  }
  simdjson::ondemand::array parts;
  if (auto error = value.get_array().get(parts)) return bad_json(error);
  for (auto item : parts) {
    json::Value part;
    if (auto error = std::move(item).get(part)) return bad_json(error);
    ++place.part;
    if (auto error = weigh_part(part, place, weight)) return error;
  }
  return std::nullopt;
}

std::optional<Error> weigh_message(json::Value& value, const Place& place, Weight& weight) {
  const auto first = json::token(value);
  simdjson::ondemand::object object;
  if (first.empty() || first.front() != '{') return wrong_type(place.path(), "an object", first);
  if (auto error = value.get_object().get(object)) return bad_json(error);
  bool role = false;
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto error = field.unescaped_key().get(key)) return bad_json(error);
    if (key == "content") {
      if (auto error = weigh_content(field.value(), place, weight)) return error;
      continue;
    }
    const auto seen = json::check(field.value(), kDepth);
    if (seen.error) return bad_json(seen.error);
    if (key == "role") {
      if (seen.raw.front() != '"') return wrong_type(place.path("role"), "a string", seen.raw);
      role = true;
    } else if (key == "tool_calls" || key == "function_call") {
      weight.text_bytes += static_cast<std::int64_t>(seen.text);
    }
  }
  if (role) return std::nullopt;
  const auto path = place.path("role");
  return Error{Fault::caller_bad_request, fmt::format("Missing required parameter: '{}'.", path), path,
               "missing_required_parameter"};
}

}  // namespace

std::optional<Error> weigh_messages(json::Value& value, Weight& weight) {
  const auto first = json::token(value);
  simdjson::ondemand::array array;
  if (first.empty() || first.front() != '[') return wrong_type("messages", "an array of objects", first);
  if (auto error = value.get_array().get(array)) return bad_json(error);
  for (auto item : array) {
    json::Value message;
    if (auto error = std::move(item).get(message)) return bad_json(error);
    if (auto error = weigh_message(message, Place{weight.messages}, weight)) return error;
    ++weight.messages;
  }
  if (weight.messages > 0) return std::nullopt;
  return Error{Fault::caller_bad_request,
               "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
               "array instead.",
               "messages", "empty_array"};
}

Error bad_json(simdjson::error_code why) {
  if (why == simdjson::DEPTH_ERROR) {
    return {
        Fault::caller_bad_request,
        fmt::format("The JSON body of your request is nested more than {} levels deep. Flatten it and send "
                    "it again.",
                    json::kMaxDepth),
        {},
        "invalid_json"};
  }
  return {Fault::caller_bad_request,
          fmt::format("We could not parse the JSON body of your request: {} The API expects a JSON object in "
                      "UTF-8.",
                      simdjson::error_message(why)),
          {},
          "invalid_json"};
}

Error wrong_type(std::string_view param, std::string_view expected, std::string_view token) {
  return {Fault::caller_bad_request,
          fmt::format("Invalid type for '{}': expected {}, but got {} instead.", param, expected,
                      json::kind(token)),
          std::string(param), "invalid_type"};
}

}  // namespace troupe::dialects
