#include "gateway/dialects/data_uri.hpp"

namespace troupe::dialects {

std::optional<DataUri> parse_data_uri(std::string_view uri) {
  constexpr std::string_view kData = "data:", kBase64 = ";base64";
  if (!uri.starts_with(kData)) return std::nullopt;
  const auto comma = uri.find(',');
  if (comma == uri.npos) return std::nullopt;
  const auto head = uri.substr(kData.size(), comma - kData.size());
  if (!head.ends_with(kBase64)) return std::nullopt;
  return DataUri{head.substr(0, head.find(';')), uri.substr(comma + 1)};
}

std::string make_data_uri(std::string_view type, std::string_view data) {
  std::string out = "data:";
  out.append(type).append(";base64,").append(data);
  return out;
}

bool is_web_url(std::string_view uri) {
  return uri.starts_with("https://") || uri.starts_with("http://");
}

}  // namespace troupe::dialects
