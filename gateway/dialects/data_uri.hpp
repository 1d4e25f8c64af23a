#pragma once
// Attachments that travel inside a URL (RFC 2397), and what else a URL can be.
#include <optional>
#include <string>
#include <string_view>

namespace troupe::dialects {

struct DataUri {
  std::string_view type, data;  ///< MIME type without parameters; base64
};

/// "data:image/png;base64,AAAA"; nullopt for anything else, data that is not base64 included.
std::optional<DataUri> parse_data_uri(std::string_view uri);
std::string make_data_uri(std::string_view type, std::string_view data);
bool is_web_url(std::string_view uri);

}  // namespace troupe::dialects
