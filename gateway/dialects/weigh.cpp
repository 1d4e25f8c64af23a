#include "gateway/dialects/chat_messages.hpp"

namespace troupe::dialects {
namespace {

/// Names whose strings are bytes or seals, not words.
bool is_bytes(std::string_view name, std::string_view raw) {
  return name == "data" || name == "signature" || name == "encrypted_content" || name == "file_data" ||
         raw.starts_with("\"data:");
}

void weigh_word(std::string_view name, const json::Seen& seen, Weight& weight) {
  if (name == "type") {
    const bool image = seen.raw == "\"image\"" || seen.raw == "\"input_image\"";
    const bool file = seen.raw == "\"document\"" || seen.raw == "\"input_file\"";
    weight.images = weight.images || image;
    weight.attachments += image || file ? 1 : 0;
  } else if (name == "role") {
    ++weight.messages;
  } else if (!is_bytes(name, seen.raw)) {
    weight.text_bytes += static_cast<std::int64_t>(seen.text);
  }
}

std::optional<Error> weigh_object(json::Value& value, int depth, Weight& weight) {
  simdjson::ondemand::object object;
  if (auto error = value.get_object().get(object)) return bad_json(error);
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (auto error = std::move(item).get(field)) return bad_json(error);
    if (auto error = field.unescaped_key().get(key)) return bad_json(error);
    const std::string name(key);  // the view is gone once the value is read
    if (auto error = weigh_any(field.value(), name, depth + 1, weight)) return error;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> weigh_any(json::Value& value, std::string_view name, int depth, Weight& weight) {
  const auto first = json::token(value);
  const char lead = first.empty() ? '\0' : first.front();
  if (depth > json::kMaxDepth) return bad_json(simdjson::DEPTH_ERROR);
  if (lead == '{') return weigh_object(value, depth, weight);
  if (lead != '[') {
    const auto seen = json::check(value, depth);
    if (seen.error) return bad_json(seen.error);
    if (lead == '"') weigh_word(name, seen, weight);
    // Embeddings may come as token ids: each is a token, four bytes of text.
    if (lead != '"' && name == "input") weight.text_bytes += 4;
    return std::nullopt;
  }
  simdjson::ondemand::array array;
  if (auto error = value.get_array().get(array)) return bad_json(error);
  for (auto item : array) {
    json::Value one;
    if (auto error = std::move(item).get(one)) return bad_json(error);
    if (auto error = weigh_any(one, name, depth + 1, weight)) return error;
  }
  return std::nullopt;
}

}  // namespace troupe::dialects
