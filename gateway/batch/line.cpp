#include "gateway/batch/line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

namespace troupe::batch {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::array<std::string_view, 5> kEndpoints{"/v1/chat/completions", "/v1/responses",
                                                     "/v1/completions", "/v1/embeddings", "/v1/messages"};

tl::unexpected<LineError> wrong(std::string code, std::string message, std::string param) {
  return tl::unexpected(LineError{std::move(code), std::move(message), std::move(param), 0});
}

std::optional<std::string> text_of(const object& line, std::string_view name) {
  std::string_view out;
  if (line[name].get(out) != simdjson::SUCCESS) return std::nullopt;
  return std::string(out);
}

std::optional<LineError> wrong_target(const object& line, std::string_view endpoint) {
  const auto method = text_of(line, "method"), url = text_of(line, "url");
  if (!method)
    return LineError{"missing_required_parameter", "Missing required parameter: 'method'.", "method", 0};
  if (*method != "POST")
    return LineError{"invalid_method", "The method of a request must be POST.", "method", 0};
  if (!url) return LineError{"missing_required_parameter", "Missing required parameter: 'url'.", "url", 0};
  if (!endpoint.empty() && *url != endpoint)
    return LineError{
        "mismatched_endpoint",
        "The URL of this request does not match the batch's endpoint, " + std::string(endpoint) + ".", "url",
        0};
  if (!batch_endpoint(*url))
    return LineError{"invalid_url", "The URL is none that a batch may call.", "url", 0};
  return std::nullopt;
}

tl::expected<std::string, LineError> body_of(const object& line) {
  element body;
  if (line["body"].get(body) != simdjson::SUCCESS)
    return wrong("missing_required_parameter", "Missing required parameter: 'body'.", "body");
  if (!body.is_object()) return wrong("invalid_type", "'body' must be a JSON object.", "body");
  bool stream = false;
  if (body["stream"].get(stream) == simdjson::SUCCESS && stream)
    return wrong("invalid_value", "A request of a batch cannot be streamed.", "body.stream");
  return std::string(simdjson::minify(body));
}

}  // namespace

bool batch_endpoint(std::string_view endpoint) {
  return std::find(kEndpoints.begin(), kEndpoints.end(), endpoint) != kEndpoints.end();
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

tl::expected<Line, LineError> read_line(std::string_view text, std::string_view endpoint) {
  if (text.size() > kLongestLine) return wrong("line_too_long", "This line is longer than 20 MiB.", {});
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS || !root.is_object())
    return wrong("invalid_json_line", "This line is not parseable as valid JSON.", {});
  const object line = root.get_object();
  auto name = text_of(line, "custom_id");
  if (!name || name->empty())
    return wrong("missing_required_parameter", "Missing required parameter: 'custom_id'.", "custom_id");
  if (name->size() > kLongestCustomId)
    return wrong("invalid_custom_id", "'custom_id' is longer than 512 bytes.", "custom_id");
  if (auto bad = wrong_target(line, endpoint)) return tl::unexpected(std::move(*bad));
  auto body = body_of(line);
  if (!body) return tl::unexpected(std::move(body.error()));
  return Line{std::move(*name), text_of(line, "url").value_or(""), std::move(*body)};
}

std::optional<LineError> InputCheck::next(std::string_view text) {
  ++line_;
  if (blank(text)) return std::nullopt;
  ++requests_;
  auto line = read_line(text, endpoint_);
  std::optional<LineError> out;
  if (!line)
    out = std::move(line.error());
  else if (requests_ == kMostLines + 1)
    out = LineError{"too_many_requests", "A batch has at most 50000 requests; split the file.", {}, 0};
  else if (requests_ <= kMostLines && !names_.insert(std::move(line->custom_id)).second)
    out =
        LineError{"duplicate_custom_id",
                  "The custom_id for this request is a duplicate of another request. The custom_id parameter "
                  "must be unique for each request in a batch.",
                  "custom_id", 0};
  if (out) out->line = line_;
  return out;
}

std::optional<LineError> InputCheck::end() const {
  if (requests_ > 0) return std::nullopt;
  return LineError{"empty_file", "The input file holds no request.", {}, 0};
}

}  // namespace troupe::batch
