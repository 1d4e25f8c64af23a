#include "gateway/admin/answers.hpp"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/pct_string_view.hpp>

#include "gateway/admin/text_table.hpp"

namespace troupe::admin {

std::string dump(const Json& document) {
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

http::Response answer(const http::Request& request, const Json& document, int status) {
  http::Response out;
  out.status = status;
  out.headers = {{"cache-control", "no-store"}, {"x-content-type-options", "nosniff"}};
  if (request.parameter("format") == "text") {
    out.content_type = "text/plain; charset=utf-8";
    out.body = to_text(document);
  } else {
    out.body = dump(document) + "\n";
  }
  return out;
}

http::Response problem(int status, std::string_view message) {
  http::Response out;
  out.status = status;
  out.headers = {{"cache-control", "no-store"}};
  out.body = dump({{"error", {{"message", message}}}}) + "\n";
  return out;
}

std::string parameter(const http::Request& request, std::string_view name) {
  std::string raw(request.parameter(name));
  std::replace(raw.begin(), raw.end(), '+', ' ');
  const auto encoded = boost::urls::make_pct_string_view(raw);
  if (!encoded) return {};
  const auto decoded = **encoded;
  return {decoded.begin(), decoded.end()};
}

}  // namespace troupe::admin
