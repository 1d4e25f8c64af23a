#include "gateway/dialects/responses/items.hpp"

#include <array>
#include <charconv>

#include "core/log.hpp"
#include "gateway/dialects/responses/spaces.hpp"

namespace troupe::dialects::responses {

using log::append_json_string;

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value);
}

void append_text_part(std::string& out, std::string_view text, std::string_view annotations,
                      std::string_view logprobs) {
  out.append(R"({"type":"output_text","annotations":[)").append(annotations);
  out.append(R"(],"logprobs":[)").append(logprobs).append(1, ']');
  append_member(out, "text", text);
  out += '}';
}

void append_refusal_part(std::string& out, std::string_view text) {
  out += R"({"type":"refusal")";
  append_member(out, "refusal", text);
  out += '}';
}

void append_message(std::string& out, std::string_view id, std::string_view status, std::string_view parts) {
  out += R"({"id":)";
  append_json_string(out, id);
  out.append(R"(,"type":"message","status":")").append(status).append(R"(","content":[)").append(parts);
  out += R"(],"role":"assistant"})";
}

void append_reasoning(std::string& out, const ReasoningItem& item) {
  out += R"({"id":)";
  append_json_string(out, item.id);
  out += R"(,"type":"reasoning","summary":[)";
  if (!item.text.empty() && !item.plain) {
    out += R"({"type":"summary_text")";
    append_member(out, "text", item.text);
    out += '}';
  }
  out += ']';
  if (!item.text.empty() && item.plain) {
    out += R"(,"content":[{"type":"reasoning_text")";
    append_member(out, "text", item.text);
    out += "}]";
  }
  if (!item.sealed.empty()) append_member(out, "encrypted_content", item.sealed);
  out += '}';
}

void append_call(std::string& out, const CallItem& item, std::string_view status) {
  out += R"({"id":)";
  append_json_string(out, item.id);
  out.append(item.custom ? R"(,"type":"custom_tool_call")" : R"(,"type":"function_call")");
  out.append(R"(,"status":")").append(status).append(1, '"');
  append_member(out, item.custom ? "input" : "arguments", item.arguments);
  append_member(out, "call_id", item.call_id);
  append_member(out, "name", short_name(item.name, item.space));
  if (!item.space.empty()) append_member(out, "namespace", item.space);
  if (!item.signature.empty()) {
    out += R"(,"extra_content":{"google":{"thought_signature":)";
    append_json_string(out, item.signature);
    out += "}}";
  }
  out += '}';
}

void append_error_event(std::string& out, std::int64_t sequence, std::string_view type, std::string_view code,
                        std::string_view message) {
  out += "event: error\ndata: {\"type\":\"error\",\"sequence_number\":";
  append_number(out, sequence);
  append_member(out, "code", code);
  append_member(out, "message", message);
  out += R"(,"param":null,"error":{"type":)";
  append_json_string(out, type);
  append_member(out, "code", code);
  append_member(out, "message", message);
  out += R"(,"param":null}})";
  out += "\n\n";
}

}  // namespace troupe::dialects::responses
