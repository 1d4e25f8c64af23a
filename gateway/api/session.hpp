#pragma once
// One client connection of the API port: reads requests one after another, answers the small ones, hands chat
// to ChatCall.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "gateway/api/worker.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/head.hpp"

namespace troupe::api {

/// What a request is about before its endpoint looks at it.
struct Caller {
  std::string request_id;
  const config::Tenant* tenant = nullptr;   ///< nullptr: no client authentication configured
  const config::VirtualKey* key = nullptr;  ///< that was presented
  std::shared_ptr<const Setup> setup;       ///< keeps both valid
  Time arrived{};                           ///< when the request's first byte was seen
};

/// Whom a connection speaks for that this process opened to itself: nobody else can make one, so it presents
/// no credential.
struct Inside {
  std::string tenant, key;  ///< names; no tenant: the node has no client authentication
};

class Session {
 public:
  Session(Worker& worker, std::shared_ptr<http::Connection> client, std::optional<Inside> inside = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Serves until the client goes, errs, or the node drains. The caller keeps the session alive meanwhile.
  boost::asio::awaitable<void> run();

  // For the endpoints.
  Worker& worker() { return worker_; }
  http::Connection& client() { return *client_; }
  http::Wakeup& wake() { return wake_; }
  http::RequestHead& request() { return head_; }
  const config::ServerLimits& limits() const { return setup_->config->server.limits; }
  bool keep_alive() const { return keep_alive_; }
  /// The connection is closed after this answer.
  void close_after() { keep_alive_ = false; }
  enum class Body : std::uint8_t {
    some,    ///< RequestHead::body holds more; who takes it empties it
    end,     ///< that was all; body may hold the last of it
    broken,  ///< no more comes; the client was told if it was there
  };
  /// For the endpoint whose body is streamed, before the first more_body(): the client may send it.
  void expect_body();
  boost::asio::awaitable<Body> more_body();
  /// "connection: close\r\n" where it must be said, else "".
  std::string_view connection_header() const;
  /// Sends what is buffered; false when the client is gone or takes nothing for `write_timeout`.
  boost::asio::awaitable<bool> flush();
  /// Sends a whole answer; `headers` are complete lines.
  void reply(int status, std::string_view content_type, std::string_view headers, std::string_view body);
  /// Sends an error in OpenAI's shape and records the request.
  void reply_error(const Caller& caller, const Error& error, std::string_view extra_headers = {});

 private:
  enum class Read : std::uint8_t { request, closed, refused };
  boost::asio::awaitable<Read> read_request();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> linger();
  bool timed_out(Time deadline) const { return worker_.clock.now() >= deadline; }
  void refuse(int status, std::string_view message);
  // authenticate.cpp: who calls
  Result<Caller> authenticate();
  Result<void> prove(std::string_view credential);
  Result<Caller> inside_caller(Caller caller) const;
  bool streams_body() const;
  void answer_models(const Caller& caller, std::string_view id);
  void answer_health(bool ready);

  Worker& worker_;
  std::shared_ptr<http::Connection> client_;
  const std::optional<Inside> inside_;
  http::Wakeup wake_;
  http::RequestHead head_;
  std::optional<http::RequestParser> parser_;
  std::shared_ptr<const Setup> setup_;
  std::string out_;
  Time arrived_{};
  bool keep_alive_ = true, must_linger_ = false, served_ = false;
  // The last credential that this connection proved, so that a keep-alive client is hashed once.
  std::string proved_;
  std::shared_ptr<const Setup> proved_in_;
  const config::Tenant* proved_tenant_ = nullptr;
  const config::VirtualKey* proved_key_ = nullptr;
};

}  // namespace troupe::api
