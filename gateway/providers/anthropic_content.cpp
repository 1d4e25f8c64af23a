#include <fmt/format.h>

#include "gateway/providers/anthropic_request.hpp"

namespace troupe::providers::anthropic {
namespace {

constexpr std::string_view kData = "data:";

struct DataUri {
  std::string_view media_type, data;
};

/// "data:image/png;base64,AAAA"; nullopt for anything else.
std::optional<DataUri> parse_data_uri(std::string_view uri) {
  if (uri.substr(0, kData.size()) != kData) return std::nullopt;
  const auto comma = uri.find(',');
  if (comma == uri.npos) return std::nullopt;
  const auto head = uri.substr(kData.size(), comma - kData.size());
  if (head.size() < 7 || head.substr(head.size() - 7) != ";base64") return std::nullopt;
  return DataUri{head.substr(0, head.find(';')), uri.substr(comma + 1)};
}

Json base64_source(const DataUri& uri) {
  return {{"type", "base64"}, {"media_type", uri.media_type}, {"data", uri.data}};
}

bool is_url(std::string_view uri) {
  return uri.substr(0, 8) == "https://" || uri.substr(0, 7) == "http://";
}

Result<Json> image(const Json& part, const std::string& where) {
  const auto* value = member(part, "image_url");
  const auto url = value && value->is_string() ? value->get<std::string>()
                   : value                     ? text(*value, "url")
                                               : std::string();
  if (is_url(url)) return Json{{"type", "image"}, {"source", {{"type", "url"}, {"url", url}}}};
  if (const auto uri = parse_data_uri(url)) return Json{{"type", "image"}, {"source", base64_source(*uri)}};
  return unsupported(where + ".image_url.url", "expected an http(s) URL or a base64 data URI");
}

Result<Json> document(const Json& part, const std::string& where) {
  const auto* file = member(part, "file");
  if (!file) return unsupported(where + ".file", "expected an object");
  Json block = {{"type", "document"}};
  if (const auto id = text(*file, "file_id"); !id.empty()) {
    block["source"] = {{"type", "file"}, {"file_id", id}};
  } else if (const auto data = text(*file, "file_data"); is_url(data)) {
    block["source"] = {{"type", "url"}, {"url", data}};
  } else if (const auto uri = parse_data_uri(data)) {
    if (uri->media_type.substr(0, 6) == "image/")
      return Json{{"type", "image"}, {"source", base64_source(*uri)}};
    block["source"] = base64_source(*uri);
  } else {
    return unsupported(where + ".file.file_data", "expected a base64 data URI");
  }
  if (const auto name = text(*file, "filename"); !name.empty()) block["title"] = name;
  return block;
}

Result<Json> block(const Json& part, const std::string& where) {
  const auto type = text(part, "type");
  if (type == "text" || type == "input_text" || type == "output_text") {
    return Json{{"type", "text"}, {"text", text(part, "text")}};
  }
  if (type == "refusal") return Json{{"type", "text"}, {"text", text(part, "refusal")}};
  if (type == "image_url") return image(part, where);
  if (type == "file") return document(part, where);
  return unsupported(where + ".type", fmt::format("'{}' parts cannot be sent to Anthropic", type));
}

}  // namespace

Result<Json> translate_content(const Json& content, const std::string& where) {
  auto blocks = Json::array();
  if (content.is_string()) {
    const auto& whole = content.get_ref<const std::string&>();
    if (!whole.empty()) blocks.push_back({{"type", "text"}, {"text", whole}});
    return blocks;
  }
  if (!content.is_array()) return blocks;
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto one = block(content[i], fmt::format("{}[{}]", where, i));
    if (!one) return one;
    // The API refuses empty text blocks.
    if ((*one)["type"] == "text" && (*one)["text"] == "") continue;
    if (const auto* cache = member(content[i], "cache_control")) (*one)["cache_control"] = *cache;
    blocks.push_back(std::move(*one));
  }
  return blocks;
}

tl::unexpected<Error> unsupported(std::string_view param, std::string_view why) {
  return fail(Fault::caller_bad_request, fmt::format("Unsupported value for '{}': {}.", param, why),
              std::string(param), "unsupported_parameter");
}

std::string text(const Json& object, const char* name) {
  const auto* value = member(object, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

}  // namespace troupe::providers::anthropic
