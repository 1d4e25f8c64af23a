#include "gateway/http/head.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace troupe::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kReserve = 1 << 20;  // a claimed length is believed up to here before its bytes came

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

void RequestHead::clear() {
  text.clear();
  method.clear();
  target.clear();
  fields.clear();
  if (body.capacity() > kReserve) body = std::string();
  body.clear();
  version = 11;
  expect_continue = false;
  head_done = false;
}

std::string_view RequestHead::find(std::string_view lower_name) const {
  for (const auto& field : fields) {
    if (field.name.size == lower_name.size() && view(field.name) == lower_name) return view(field.value);
  }
  return {};
}

RequestParser::RequestParser(RequestHead& head, std::size_t header_limit, std::size_t body_limit,
                             std::string_view unbounded)
    : head_(head), unbounded_(unbounded) {
  this->header_limit(static_cast<std::uint32_t>(header_limit));
  this->body_limit(body_limit);
  eager(true);
}

void RequestParser::on_request_impl(beast_http::verb, string_view method, string_view target, int version,
                                    error_code&) {
  head_.method.assign(method.data(), method.size());
  head_.target.assign(target.data(), target.size());
  head_.version = version;
  if (!unbounded_.empty() && head_.method == "POST" && head_.path() == unbounded_) body_limit(boost::none);
}

void RequestParser::on_field_impl(beast_http::field, string_view name, string_view value, error_code& error) {
  if (head_.fields.size() >= kMaxFields) {
    error = beast_http::error::header_limit;
    return;
  }
  RequestHead::Field field;
  field.name = {static_cast<std::uint32_t>(head_.text.size()), static_cast<std::uint32_t>(name.size())};
  std::transform(name.begin(), name.end(), std::back_inserter(head_.text), lower);
  field.value = {static_cast<std::uint32_t>(head_.text.size()), static_cast<std::uint32_t>(value.size())};
  head_.text.append(value.data(), value.size());
  head_.fields.push_back(field);
}

void RequestParser::on_header_impl(error_code&) {
  head_.head_done = true;
  head_.expect_continue = head_.version >= 11 && head_.find("expect") == "100-continue";
}

void RequestParser::on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) {
  if (length) head_.body.reserve(std::min<std::size_t>(*length + 64, kReserve));
}

std::size_t RequestParser::on_body_impl(string_view body, error_code&) {
  head_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
  head_.body.append(body.data(), body.size());
  return body.size();
}

ParseState RequestParser::fail(error_code error) {
  if (error == beast_http::error::header_limit) {
    status_ = 431;
    reason_ = "the request head is larger than this server's limit";
  } else if (error == beast_http::error::body_limit) {
    status_ = 413;
    reason_ = "the request body is larger than this server's limit";
  } else {
    status_ = 400;
    reason_ = "the request is not valid HTTP/1.1";
  }
  return ParseState::failed;
}

ParseState RequestParser::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  while (!is_done() && used < bytes.size()) {
    error_code error;
    const auto count = put(boost::asio::buffer(bytes.substr(used)), error);
    used += count;
    if (error == beast_http::error::need_more) break;
    if (error) return fail(error);
    if (count == 0) break;
  }
  if (is_done()) return ParseState::done;
  return head_.head_done ? ParseState::head : ParseState::more;
}

std::string_view ResponseHead::find(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

ResponseParser::ResponseParser(std::size_t header_limit) {
  this->header_limit(static_cast<std::uint32_t>(header_limit));
  body_limit(boost::none);
  eager(true);
}

void ResponseParser::on_response_impl(int status, string_view, int, error_code&) {
  head_.status = status;
}

void ResponseParser::on_field_impl(beast_http::field, string_view name, string_view value,
                                   error_code& error) {
  if (head_.headers.size() >= kMaxFields) {
    error = beast_http::error::header_limit;
    return;
  }
  std::string key(name.data(), name.size());
  std::transform(key.begin(), key.end(), key.begin(), lower);
  head_.headers.emplace_back(std::move(key), std::string(value.data(), value.size()));
}

std::size_t ResponseParser::on_body_impl(string_view body, error_code&) {
  body_.append(body.data(), body.size());
  return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, string_view body, error_code&) {
  body_.append(body.data(), body.size());
  return body.size();
}

ParseState ResponseParser::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  while (!is_done() && used < bytes.size()) {
    error_code error;
    const auto count = put(boost::asio::buffer(bytes.substr(used)), error);
    used += count;
    if (error == beast_http::error::need_more) break;
    if (error) return ParseState::failed;
    if (count == 0) break;
  }
  if (is_done()) return ParseState::done;
  return is_header_done() ? ParseState::head : ParseState::more;
}

ParseState ResponseParser::feed_end() {
  if (is_done()) return ParseState::done;
  if (!is_header_done() || !need_eof()) return ParseState::failed;
  error_code error;
  put_eof(error);
  return error ? ParseState::failed : ParseState::done;
}

}  // namespace troupe::http
