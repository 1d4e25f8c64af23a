#include "gateway/http/plain_wire.hpp"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>
#include <iterator>

#include "core/log.hpp"

namespace troupe::http {
namespace {

std::string_view reason(int status) {
  const auto text =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

bool one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  if (one_line(name) && one_line(value)) fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
}

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

}  // namespace

std::string answer_head(const Response& response, Framing framing, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  if (has_body(response.status)) append_header(out, "content-type", response.content_type);
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (framing == Framing::chunked) append_header(out, "transfer-encoding", "chunked");
  if (framing == Framing::length && has_body(response.status))
    append_header(out, "content-length", std::to_string(response.body.size()));
  if (!keep_alive) append_header(out, "connection", "close");
  out += "\r\n";
  return out;
}

std::string chunk(std::string_view piece) {
  if (piece.empty()) return {};
  return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

Response error_answer(int status, std::string_view type, std::string_view message) {
  Response response;
  response.status = status;
  response.body = R"({"error":{"message":)";
  log::append_json_string(response.body, message);
  response.body += R"(,"type":)";
  log::append_json_string(response.body, type);
  response.body += "}}";
  return response;
}

}  // namespace troupe::http
