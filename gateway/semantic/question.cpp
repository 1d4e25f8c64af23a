#include "gateway/semantic/question.hpp"

#include <utility>

#include "gateway/dialects/json.hpp"

namespace troupe::semantic {
namespace {

using dialects::Json;
using dialects::Operation;

/// The only text part of a message's content; nullptr when there is none, or more than one.
Json* text_of(Json& content) {
  if (content.is_string()) return &content;
  if (!content.is_array()) return nullptr;
  Json* found = nullptr;
  for (auto& part : content) {
    const auto type = dialects::text(part, "type");
    if (type != "text" && type != "input_text") continue;
    if (found != nullptr || !part.contains("text") || !part["text"].is_string()) return nullptr;
    found = &part["text"];
  }
  return found;
}

Json* last_words(Json& body, Operation operation) {
  const char* list = operation == Operation::responses ? "input" : "messages";
  if (!body.is_object() || !body.contains(list)) return nullptr;
  auto& turns = body[list];
  if (operation == Operation::responses && turns.is_string()) return &turns;
  if (!turns.is_array() || turns.empty()) return nullptr;
  auto& last = turns.back();
  if (!last.is_object() || dialects::text(last, "role") != "user" || !last.contains("content"))
    return nullptr;
  return text_of(last["content"]);
}

}  // namespace

std::optional<Question> question_of(const dialects::Request& request, const cache::Circle& circle) {
  const auto operation = request.operation;
  if (!dialects::converses(operation) || operation == Operation::count_tokens) return std::nullopt;
  if (request.body.size() > kLargestBody) return std::nullopt;
  auto body = dialects::read(request.body);
  if (body.is_discarded()) return std::nullopt;
  auto* words = last_words(body, operation);
  if (words == nullptr) return std::nullopt;
  Question out;
  out.text = words->get<std::string>();
  if (out.text.empty() || out.text.size() > kLongestQuestion) return std::nullopt;
  *words = "";
  auto frame = request;
  frame.body = dialects::dump(body);
  const auto digest = cache::digest_of(frame, circle);
  if (!digest) return std::nullopt;
  out.frame = *digest;
  return out;
}

}  // namespace troupe::semantic
