#pragma once
// Requests and answers as they come in, on Beast's parser but without an allocation per field.
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::http {

/// A parsed request; reused for every request of a connection. Views stay valid until clear().
struct RequestHead {
  struct Span {
    std::uint32_t begin = 0, size = 0;
  };
  struct Field {
    Span name, value;
  };

  std::string text;  ///< names (lower case) and values, one after another
  std::string method, target;
  std::vector<Field> fields;
  std::string body;
  int version = 11;
  bool expect_continue = false;
  bool head_done = false;

  void clear();
  std::string_view view(Span span) const { return std::string_view(text).substr(span.begin, span.size); }
  /// The first field of that lower-case name; "" when absent.
  std::string_view find(std::string_view lower_name) const;
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

/// What put() found.
enum class ParseState : std::uint8_t { more, head, done, failed };

/// Feeds a RequestHead. A new parser for each message. Limits: head bytes, body bytes, 256 fields.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  /// `unbounded`: bodies posted to that path have no limit here; who takes them empties RequestHead::body as
  /// they come.
  RequestParser(RequestHead& head, std::size_t header_limit, std::size_t body_limit,
                std::string_view unbounded = {});
  /// Consumes from `bytes`; `used` says how much. On `failed`, status() is 400, 413 or 431.
  ParseState feed(std::string_view bytes, std::size_t& used);
  int status() const { return status_; }
  const char* reason() const { return reason_; }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, string_view method, string_view target, int version,
                       error_code&) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code&) override;
  void on_header_impl(error_code&) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override;
  std::size_t on_body_impl(string_view body, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override;
  void on_finish_impl(error_code&) override {}
  ParseState fail(error_code error);

  RequestHead& head_;
  const std::string_view unbounded_;
  int status_ = 400;
  const char* reason_ = "";
};

/// An answer's head: lower-case names.
struct ResponseHead {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view find(std::string_view lower_name) const;
};

/// Feeds a ResponseHead; body bytes are appended to body(), which the owner empties. A new parser for each
/// message (and after each 1xx).
class ResponseParser final : public boost::beast::http::basic_parser<false> {
 public:
  explicit ResponseParser(std::size_t header_limit = 256 << 10);
  ParseState feed(std::string_view bytes, std::size_t& used);
  /// The peer closed: `done` when the message may end so, else `failed`.
  ParseState feed_end();
  ResponseHead& head() { return head_; }
  std::string& body() { return body_; }
  bool head_done() { return is_header_done(); }
  bool reusable() const { return keep_alive(); }

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view reason, int version, error_code&) override;
  void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code&) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override;
  void on_finish_impl(error_code&) override {}

  ResponseHead head_;
  std::string body_;
};

}  // namespace troupe::http
