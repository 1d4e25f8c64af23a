#pragma once
// One small request at a time, from the connection to the whole answer.
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "core/time.hpp"
#include "gateway/cloud/ask.hpp"
#include "gateway/http/head.hpp"
#include "gateway/http/pool.hpp"

namespace troupe::keeper {

/// How requests leave: the provider's own proxy and trust, and the variables that name a proxy.
struct Route {
  std::string proxy, ca_file;
  http::GetEnv environment = [](const std::string&) { return std::nullopt; };
};

/// Stays on its thread; abandons what is under way when it ends.
class Fetch final : http::Listener {
 public:
  using Done = std::function<void(Result<cloud::Reply>)>;

  Fetch(http::Pool& pool, const Clock& clock, Route route);
  ~Fetch() override;
  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;

  /// Not while busy(). `done` is called once, perhaps before this returns: with an answer of any status, or
  /// with why there is none (provider_connect, provider_tls, provider_timeout_total,
  /// provider_stream_malformed). It may start the next one.
  void start(cloud::Ask ask, Done done);
  bool busy() const { return done_ != nullptr; }
  /// Ends what has taken its time. Call about once a second: that is how exact a timeout is.
  void look(Time now);

 private:
  void ready() override;
  void send();
  void receive();
  void ended();
  void answer();
  void give_up(Fault fault, const std::string& why);
  void finish(Result<cloud::Reply> result, bool reuse);

  http::Pool& pool_;
  const Clock& clock_;
  const Route route_;
  cloud::Ask ask_;
  Done done_;
  Time deadline_ = kNever;
  http::Pool::Bucket* bucket_ = nullptr;
  std::shared_ptr<http::Dialling> dialling_;
  std::shared_ptr<http::Connection> connection_;
  std::unique_ptr<http::ResponseParser> parser_;
};

}  // namespace troupe::keeper
