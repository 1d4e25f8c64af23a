#pragma once
// One request for a model, from the parsed head to the last byte: plan, attempts, relay, record.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/desk.hpp"
#include "actors/policy/call_plan.hpp"
#include "gateway/admin/request_record.hpp"
#include "gateway/api/attempt.hpp"
#include "gateway/api/cache_visit.hpp"
#include "gateway/api/payment.hpp"
#include "gateway/api/session.hpp"
#include "gateway/dialects/openai_error.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::api {

struct SemanticAsk;
struct SemanticVisit;

class ChatCall {
 public:
  ChatCall(Session& session, Caller caller, dialects::Operation operation);
  ~ChatCall();
  ChatCall(const ChatCall&) = delete;
  ChatCall& operator=(const ChatCall&) = delete;

  /// Answers the request in any case (or finds the client gone) and leaves one record.
  boost::asio::awaitable<void> run();

 private:
  // chat.cpp: what is asked and what happens to it
  Result<void> parse();
  Result<void> prepare();
  Result<void> read_constraints(actors::RequestFacts& facts);
  Result<void> read_standing(actors::RequestFacts& facts);  // standing.cpp
  void complete_request();
  void steer();      // steer.cpp
  void read_tags();  // steer.cpp
  // classify.cpp
  bool asks_elsewhere() const;
  boost::asio::awaitable<void> ask_elsewhere();
  void send_copy();  // mirror.cpp
  // cached.cpp: answers that were given before
  Result<void> open_cache();
  boost::asio::awaitable<bool> answer_from_cache();
  boost::asio::awaitable<void> replay(const cache::Entry& entry, Duration age, std::string_view how);
  boost::asio::awaitable<void> replay_stream(std::string_view frames, std::string head);
  void note_replay(const cache::Entry& entry, Time now);
  void remember(const Attempt& attempt);
  // meant.cpp: answers to questions that mean the same
  boost::asio::awaitable<bool> answer_by_meaning();
  boost::asio::awaitable<bool> ask_meaning(SemanticAsk ask);
  void remember_meaning(cache::EntryPtr entry);
  // count.cpp: /v1/messages/count_tokens
  bool ask_for_count();
  static bool counts_without(Fault fault);
  void count_tokens();
  void weigh();
  // admit.cpp: the policies and the limits of the tenant and of its key
  Result<void> check_providers(const actors::RequestFacts& facts) const;
  boost::asio::awaitable<void> admit();
  boost::asio::awaitable<bool> admit_to(std::string owner, Time patience);
  void refuse_admission(const actors::Refused& refused);
  void note_left(const actors::Admission& admission);
  void begun_admission();
  void settle_admission();
  boost::asio::awaitable<void> drive();
  boost::asio::awaitable<policy::Step> ask(policy::Ask step);
  // pay.cpp: the budgets that it counts in
  enum class Paid : std::uint8_t { yes, later, exhausted, unpriced, closed };
  void find_funds(actors::RequestFacts& facts);
  Paid pay(const actors::Granted& granted);
  Paid take_money();
  boost::asio::awaitable<Paid> wait_for_money();
  bool economise();
  void refuse_unpaid(Paid paid);
  void hand_back(const actors::Granted& granted);
  boost::asio::awaitable<policy::Step> call(actors::Granted granted);
  boost::asio::awaitable<Attempt*> race();
  boost::asio::awaitable<void> hedge();
  boost::asio::awaitable<void> wait_until(Time until);
  void begin_attempt(actors::Granted granted);
  void close_attempts(const Attempt* winner);
  bool gone();
  void note_gone();
  void leave_line(bool served);
  void give_up(const policy::GiveUp& step);
  void record();
  // deliver.cpp: what the caller gets
  boost::asio::awaitable<void> deliver(Attempt& attempt);
  boost::asio::awaitable<void> deliver_stream(Attempt& attempt);
  void deliver_whole(Attempt& attempt);
  void send_frames(Attempt& attempt, std::string& head);
  void tell_begun(const Attempt& attempt, Time now);
  void end_stream(Attempt& attempt);
  void fail_request(Fault fault, int status, const providers::Verdict& verdict,
                    std::optional<Duration> retry_after);
  void append_own(std::string& out) const;
  std::string head(const Attempt& attempt, std::string_view content_type);
  dialects::ErrorReport report(Fault fault, const providers::Verdict& verdict) const;
  void note_answer(const Attempt& attempt);
  std::string route_name(const Attempt& attempt) const;

  Session& session_;
  Worker& worker_;
  Caller caller_;
  const dialects::Operation operation_;
  dialects::Request request_;
  std::shared_ptr<actors::RequestFacts> facts_;
  const config::Model* model_ = nullptr;
  std::string task_;      ///< as a classifier elsewhere says
  bool counted_ = false;  ///< the input, exactly
  std::size_t rule_ = 0;  ///< of the configuration's rules, from 1; 0 = none decided
  std::optional<policy::CallPlan> plan_;
  Time total_deadline_ = kNever;
  std::vector<std::unique_ptr<Attempt>> running_;
  std::optional<providers::Verdict> last_verdict_;
  int last_status_ = 0;
  std::optional<actors::Refused> refusal_;
  /// A limit that the request passed: whose, and the permit.
  struct Passed {
    std::string owner;
    actors::PermitId permit = 0;
  };
  std::vector<Passed> passed_;
  actors::Admission::Window left_requests_, left_tokens_;  ///< of the tightest of those limits
  std::unique_ptr<CacheVisit> cache_;                      ///< nullptr: not cached
  std::unique_ptr<SemanticVisit> meaning_;                 ///< to be remembered; nullptr: nothing
  std::vector<std::pair<std::string, std::string>> tags_;  ///< the tenant's, the key's, then its own
  std::vector<config::SharedFund> funds_;                  ///< that it counts in
  std::vector<policy::Picos> amounts_;                     ///< that its next call could cost, of each
  std::size_t lacking_ = 0;                                ///< the fund that could not pay
  bool economised_ = false;                                ///< only the cheapest will do
  std::optional<Payment> payment_;                         ///< of the next attempt
  std::string unpriced_;
  Time admitted_{};
  Time hedge_at_ = kNever;
  std::uint64_t ticket_ = 0;  ///< in the model's waiting line, with the turn
  bool chunked_ = true, over_ = false, hedged_ = false, told_begun_ = false;
  Duration upstream_{0};
  admin::RequestRecord record_;
};

}  // namespace troupe::api
