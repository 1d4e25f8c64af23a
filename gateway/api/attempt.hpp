#pragma once
// One call to one endpoint, as a state machine: poll() looks at the connection and moves on; the session
// decides.
#include <memory>
#include <optional>
#include <string>

#include "actors/routing.hpp"
#include "gateway/admin/request_record.hpp"
#include "gateway/api/payment.hpp"
#include "gateway/api/worker.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/http/head.hpp"
#include "gateway/keeper/keeper.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::api {

/// Owns a permit from its construction and settles it exactly once, at the latest in its destructor. Stays on
/// its thread.
class Attempt {
 public:
  /// `tries_left` counts this one: a whole answer, which shows nothing until it is complete, may take its
  /// share of the time that is left (but at least `first_token`), so that a provider that hangs leaves time
  /// for another.
  Attempt(Worker& worker, http::Wakeup& wake, const dialects::Request& request,
          const config::Timeouts& timeouts, Time total_deadline, int tries_left, actors::Granted granted);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// Money that is settled with the call. Before start().
  void pay(Payment payment) { payment_.emplace(std::move(payment)); }
  /// Builds the call and takes or opens a connection.
  void start();
  /// Moves on as far as what has arrived allows. Call after every wake; not while the caller's side is full.
  void poll(Time now);
  /// When poll() must run again at the latest.
  Time deadline() const { return deadline_; }
  /// The caller's side was full until `now`: the provider's silence meanwhile is not its fault.
  void touch(Time now);
  /// Ends it with the caller gone or another attempt having won; settled by what was relayed.
  void abandon(Fault fault);

  bool failed() const { return verdict_.has_value(); }
  const providers::Verdict& verdict() const { return *verdict_; }
  /// The answer has begun for good: from here on nothing is retried.
  bool committed() const { return whole_ || (reader_ && (reader_->content_started || reader_->ended)); }
  /// The answer is complete (and settled).
  bool complete() const { return complete_; }
  const std::optional<providers::WholeAnswer>& whole() const { return whole_; }
  /// Frames for the caller that were not taken yet.
  std::string& frames() { return frames_; }
  /// A stream that had begun failed: appends to frames() what says so in the caller's dialect.
  void tell_failure(const dialects::ErrorReport& report) { reader_->fail(report, frames_); }

  const actors::Granted& granted() const { return granted_; }
  const Usage& usage() const { return usage_; }
  const std::optional<Money>& cost() const { return cost_; }
  const std::optional<Duration>& first_token() const { return first_token_; }
  Time started() const { return started_; }
  /// When the head of the answer came: the request had arrived by then. kNever: it did not yet.
  Time answered() const { return answered_; }
  admin::AttemptRecord record(Time now) const;

 private:
  enum class State : std::uint8_t { idle, connecting, authorizing, receiving, over };

  void connect(bool fresh);
  void send_call();
  bool authorize();
  void refused(providers::Verdict verdict);
  void look_whether_sent(Time now);
  void receive(Time now);
  void on_head(Time now);
  void on_body(Time now, bool done);
  void on_stream(Time now, bool done);
  void on_end(Time now);
  void lost();
  void fail(providers::Verdict verdict);
  void fail(Fault fault, std::string message);
  void finish(Time now);
  void expire(Time now);
  void set_deadline();
  void release_connection();
  void settle(std::optional<Fault> fault);
  void account();
  void settle_payment();
  bool streaming() const { return reader_ != nullptr; }

  Worker& worker_;
  http::Wakeup& wake_;
  const dialects::Request& request_;
  const config::Timeouts& timeouts_;
  const Time total_deadline_;
  const int tries_left_;
  const actors::Granted granted_;
  const providers::Adapter& adapter_;
  http::Pool::Bucket* bucket_ = nullptr;

  State state_ = State::idle;
  providers::UpstreamCall call_;
  std::shared_ptr<keeper::Keeper> keeper_;  ///< where the key is more than a secret
  std::optional<keeper::Waiter> waiter_;
  keeper::Authorized authorized_;
  bool renewed_ = false;  ///< once is enough
  std::shared_ptr<http::Dialling> dialling_;
  std::shared_ptr<http::Connection> connection_;
  std::unique_ptr<http::ResponseParser> parser_;
  providers::AnswerHead head_;
  std::unique_ptr<providers::StreamReader> reader_;
  std::string body_, frames_;
  std::optional<providers::WholeAnswer> whole_;
  std::optional<providers::Verdict> verdict_;
  bool head_seen_ = false, complete_ = false, settled_ = false, sent_ = false, reused_ = false,
       any_byte_ = false, handed_ = false;
  Time started_{}, last_byte_{}, first_deadline_ = kNever, deadline_ = kNever, ended_ = kNever,
                                 answered_ = kNever;
  std::uint64_t received_ = 0;  ///< bytes of the connection that were seen
  std::optional<Duration> first_token_;
  Usage usage_;
  std::optional<Money> cost_;
  std::optional<Payment> payment_;
};

}  // namespace troupe::api
