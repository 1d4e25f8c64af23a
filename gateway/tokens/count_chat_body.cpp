#include <simdjson.h>

#include "gateway/tokens/count_chat.hpp"

namespace troupe::tokens {
namespace {

namespace dom = simdjson::dom;

std::string_view text_of(const simdjson::simdjson_result<dom::element>& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

void add_part(const dom::element& part, Tally& tally) {
  if (const auto text = part["text"]; text.is_string()) return tally.text(text_of(text));
  if (const auto text = part["refusal"]; text.is_string()) return tally.text(text_of(text));
  if (const auto image = part["image_url"]; image.error() == simdjson::SUCCESS) {
    const auto uri = text_of(image.is_string() ? image : image["url"]);
    return tally.image(image_size_in_uri(uri), text_of(image["detail"]) == "low");
  }
  const auto file = part["file"], sound = part["input_audio"];
  const auto data = file.error() == simdjson::SUCCESS ? text_of(file["file_data"]) : text_of(sound["data"]);
  tally.attachment(data.size() / 4 * 3);
}

void add_call(const dom::element& call, Tally& tally) {
  const auto function = call["function"];
  if (function.error() == simdjson::SUCCESS)
    tally.tool(text_of(function["name"]), text_of(function["arguments"]));
  else
    tally.tool("", simdjson::minify(call));
}

void add_message(const dom::element& message, Tally& tally) {
  tally.message(text_of(message["role"]));
  if (const auto name = text_of(message["name"]); !name.empty()) tally.participant(name);
  tally.text(text_of(message["content"]));
  tally.text(text_of(message["refusal"]));
  if (dom::array parts; message["content"].get(parts) == simdjson::SUCCESS) {
    for (const auto part : parts) add_part(part, tally);
  }
  if (dom::array calls; message["tool_calls"].get(calls) == simdjson::SUCCESS) {
    for (const auto call : calls) add_call(call, tally);
  }
}

}  // namespace

Result<Count> count_chat_body(std::string_view body, Tally tally) {
  // One parser per thread, kept while bodies are of common size.
  constexpr std::size_t kKept = 1 << 20;
  thread_local dom::parser kept;
  dom::parser own;
  dom::element root;
  const auto error = (body.size() <= kKept ? kept : own).parse(body.data(), body.size()).get(root);
  if (error != simdjson::SUCCESS) return fail(Fault::caller_bad_request, simdjson::error_message(error));
  if (dom::array messages; root["messages"].get(messages) == simdjson::SUCCESS) {
    for (const auto message : messages) add_message(message, tally);
  }
  if (dom::array tools; root["tools"].get(tools) == simdjson::SUCCESS) {
    for (const auto tool : tools) tally.tool("", simdjson::minify(tool));
  }
  if (dom::element schema; root["response_format"]["json_schema"].get(schema) == simdjson::SUCCESS)
    tally.tool("", simdjson::minify(schema));
  tally.reply();
  return tally.total();
}

}  // namespace troupe::tokens
