#include "gateway/api/chat.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/api/answer.hpp"
#include "gateway/api/models.hpp"
#include "gateway/api/semantic_desk.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr std::int64_t kAssumedOutput = 1024;  // tokens reserved where the caller sets no cap
constexpr auto kLongest = std::chrono::hours(1);

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() || !(value >= 0) ||
      value > 1e6)
    return std::nullopt;
  return value;
}

tl::unexpected<Error> bad_header(const std::string& name, const char* expected) {
  return fail(Fault::caller_bad_request, "The header " + name + " must be " + expected + ".", name,
              "invalid_header");
}

}  // namespace

ChatCall::ChatCall(Session& session, Caller caller, dialects::Operation operation)
    : session_(session), worker_(session.worker()), caller_(std::move(caller)), operation_(operation) {
  worker_.observer.request_started();
  record_.id = caller_.request_id;
  record_.tenant = caller_.tenant ? caller_.tenant->name : "";
  record_.virtual_key = caller_.key ? caller_.key->name : "";
  record_.method = "POST";
  record_.path = std::string(session_.request().path());
  record_.peer = session_.client().peer;
  record_.started = worker_.clock.wall() - (worker_.clock.now() - caller_.arrived);
  record_.bytes_in = session_.request().body.size();
}

ChatCall::~ChatCall() {
  leave_line(false);
  settle_admission();
  send_copy();
  record();
}

awaitable<void> ChatCall::run() {
  chunked_ = session_.request().version >= 11;
  auto prepared = parse();
  if (prepared && asks_elsewhere()) co_await ask_elsewhere();
  if (prepared) prepared = prepare();
  if (!prepared) {
    const auto& error = prepared.error();
    fail_request(error.fault, 0, {error.fault, error.message, {}, error.code, error.param, {}}, std::nullopt);
    co_return;
  }
  if (operation_ == dialects::Operation::count_tokens) {
    weigh();
    if (!ask_for_count()) co_return count_tokens();
  }
  session_.client().want_read();  // a client that goes is noticed while we wait for the provider
  if (cache_) {
    const bool answered = co_await answer_from_cache();
    if (answered) co_return;
  }
  if (operation_ != dialects::Operation::count_tokens) {
    weigh();
    co_await admit();
  }
  co_await drive();
}

Result<void> ChatCall::parse() {
  if (worker_.draining && session_.client().data().empty()) session_.close_after();
  auto parsed = dialects::parse_request(operation_, std::move(session_.request().body));
  if (!parsed) return tl::unexpected(parsed.error());
  request_ = std::move(*parsed);
  complete_request();
  record_.model = request_.model;
  record_.stream = request_.stream;
  return {};
}

Result<void> ChatCall::prepare() {
  read_tags();
  steer();
  if (!config::allowed(caller_.tenant, caller_.key, request_.model)) {
    return fail(Fault::caller_unknown_model,
                "The model '" + request_.model + "' does not exist or you do not have access to it.", "model",
                "model_not_found");
  }
  model_ = caller_.setup->find(request_.model);
  if (model_ == nullptr) model_ = &caller_.setup->direct;
  auto facts = std::make_shared<actors::RequestFacts>();
  if (auto read = read_constraints(*facts); !read) return read;
  if (auto read = read_standing(*facts); !read) return read;
  facts->request_id = caller_.request_id;
  facts->model = request_.model;
  facts->providers = config::allowed_providers(caller_.tenant, caller_.key);
  if (auto open = check_providers(*facts); !open) return open;
  facts->input = request_.input_estimate;
  facts->output = {request_.max_output.value_or(kAssumedOutput) *
                   std::max<std::int64_t>(1, request_.choices)};
  facts->stream = request_.stream;
  facts->tools = request_.tools;
  facts->images = request_.images;
  facts->json_schema = request_.json_schema;
  find_funds(*facts);
  facts_ = std::move(facts);
  request_.drop = model_->drop_params;
  plan_.emplace(*model_, caller_.arrived, total_deadline_, worker_.retry_budget(*model_));
  return open_cache();
}

/// What the gateway needs to write an answer itself, and what a provider of the caller's dialect wants to see
/// of its headers.
void ChatCall::complete_request() {
  request_.created =
      std::chrono::floor<std::chrono::seconds>(worker_.clock.wall().time_since_epoch()).count();
  const std::string_view id = caller_.request_id;
  const auto dialect = dialects::dialect_of(operation_);
  request_.id = dialect == dialects::Dialect::responses   ? "resp_"
                : dialect == dialects::Dialect::anthropic ? "msg_"
                                                          : "chatcmpl-";
  request_.id += id.starts_with("req_") ? id.substr(4) : id;
  if (dialect != dialects::Dialect::anthropic) return;
  for (const auto* name : {"anthropic-version", "anthropic-beta"}) {
    if (const auto value = session_.request().find(name); !value.empty())
      request_.pass_on.emplace_back(name, value);
  }
}

Result<void> ChatCall::read_constraints(actors::RequestFacts& facts) {
  const auto& head = session_.request();
  Duration total = model_->timeout.total;
  if (request_.max_cost_usd) facts.max_cost = from_dollars(*request_.max_cost_usd);
  if (request_.max_latency_ms) facts.max_latency = std::chrono::milliseconds(*request_.max_latency_ms);
  if (request_.fallback) facts.fallback = *request_.fallback;
  if (const auto text = head.find("x-troupe-max-cost-usd"); !text.empty()) {
    const auto value = decimal(text);
    if (!value) return bad_header("x-troupe-max-cost-usd", "a number of dollars, for example 0.05");
    facts.max_cost = from_dollars(*value);
  }
  if (const auto text = head.find("x-troupe-max-latency-ms"); !text.empty()) {
    const auto value = whole_number(text);
    if (!value) return bad_header("x-troupe-max-latency-ms", "a whole number of milliseconds");
    facts.max_latency = std::chrono::milliseconds(*value);
  }
  if (const auto text = head.find("x-troupe-timeout-ms"); !text.empty()) {
    const auto value = whole_number(text);
    if (!value || *value == 0)
      return bad_header("x-troupe-timeout-ms", "a whole number of milliseconds above 0");
    total = std::min<Duration>(total, std::chrono::milliseconds(std::min<std::int64_t>(*value, 86'400'000)));
  }
  if (const auto text = head.find("x-troupe-fallback"); !text.empty()) {
    if (text != "off" && text != "on") return bad_header("x-troupe-fallback", "'on' or 'off'");
    facts.fallback = text == "on";
  }
  facts.pinned_provider = head.find("x-troupe-provider");
  facts.pinned_key = head.find("x-troupe-key");
  if (const auto& cluster = worker_.setup->config->cluster) total = std::min(total, cluster->longest_call);
  total_deadline_ = caller_.arrived + std::min<Duration>(total, kLongest);
  return {};
}

bool ChatCall::gone() {
  const auto& client = session_.client();
  return !client.open() || client.send_failed() || (client.ended() && client.data().empty());
}

/// The plan says what to do; this does it and tells the plan what happened.
awaitable<void> ChatCall::drive() {
  auto step = plan_->begin();
  while (!over_) {
    if (gone()) {
      note_gone();
    } else if (auto* asked = std::get_if<policy::Ask>(&step)) {
      step = co_await ask(std::move(*asked));
    } else if (auto* pause = std::get_if<policy::WaitUntil>(&step)) {
      co_await wait_until(pause->until);
      step = plan_->waited();
    } else if (auto* line = std::get_if<policy::JoinLine>(&step)) {
      const Time from = worker_.clock.now();
      ticket_ = co_await worker_.desk.join_line(facts_, line->deadline);
      record_.queued += worker_.clock.now() - from;
      step = plan_->joined(ticket_ != 0, worker_.clock.now());
    } else {
      give_up(std::get<policy::GiveUp>(step));
    }
  }
}

awaitable<policy::Step> ChatCall::ask(policy::Ask step) {
  actors::RouteAsk route{
      facts_, std::move(step.tried_keys), std::move(step.tried_providers), step.in_line, false, ticket_};
  const auto again = policy::Ask{route.tried_keys, route.tried_providers, route.in_line};
  auto answer = co_await worker_.desk.route(std::move(route));
  if (auto* granted = std::get_if<actors::Granted>(&answer)) {
    leave_line(true);
    auto paid = pay(*granted);
    if (paid == Paid::yes) co_return co_await call(std::move(*granted));
    hand_back(*granted);
    if (paid == Paid::later) paid = co_await wait_for_money();
    if (paid == Paid::yes) co_return again;
    if (paid == Paid::exhausted && economise()) co_return again;
    refuse_unpaid(paid);
    co_return policy::GiveUp{Fault::policy_rate_limited};  // answered already
  }
  const auto& r = std::get<actors::Refused>(answer);
  // "tried" is what the router says of keys that have refused themselves: their words say more.
  if (!refusal_ || r.fault != Fault::policy_no_target) refusal_ = r;
  co_return plan_->refused(r.fault, r.retry_at, r.key, r.wait_in_line, worker_.clock.now(), worker_.random);
}

/// Runs one call (two with a hedge); the next step matters only when it failed.
awaitable<policy::Step> ChatCall::call(actors::Granted granted) {
  if (granted.hedge_after) hedge_at_ = worker_.clock.now() + *granted.hedge_after;
  begin_attempt(std::move(granted));
  auto* winner = co_await race();
  if (winner != nullptr) {
    co_await deliver(*winner);
    over_ = true;
  } else if (gone()) {
    note_gone();
  }
  const auto last = running_.empty() ? nullptr : running_.back()->granted().endpoint;
  close_attempts(winner);
  if (over_ || !last) co_return policy::GiveUp{Fault::caller_gone};
  const Time now = worker_.clock.now();
  co_return plan_->failed(last_verdict_->fault, last->key->index, last->key->provider->name,
                          last_verdict_->retry_after, now, worker_.random);
}

void ChatCall::begin_attempt(actors::Granted granted) {
  const int left = model_->retry.attempts - plan_->attempts();
  running_.push_back(std::make_unique<Attempt>(worker_, session_.wake(), request_, model_->timeout,
                                               total_deadline_, left, std::move(granted)));
  if (payment_) running_.back()->pay(std::move(*payment_));
  payment_.reset();
  running_.back()->start();
}

/// Until one attempt has begun to answer for good; nullptr when all failed or the client is gone.
awaitable<Attempt*> ChatCall::race() {
  for (;;) {
    const Time now = worker_.clock.now();
    Time until = hedge_at_;
    bool all_failed = true;
    for (auto& attempt : running_) {
      attempt->poll(now);
      if (attempt->committed() && !attempt->failed()) co_return attempt.get();
      if (attempt->failed()) continue;
      all_failed = false;
      until = std::min(until, attempt->deadline());
    }
    if (all_failed || gone()) co_return nullptr;
    if (hedge_at_ <= now) {
      co_await hedge();
      continue;
    }
    session_.wake().at = until;
    co_await session_.wake().wait();
  }
}

/// A second call to another key while the first is slow; silently none when there is no capacity.
awaitable<void> ChatCall::hedge() {
  hedge_at_ = kNever;
  actors::RouteAsk route{facts_, {running_.front()->granted().endpoint->key->index}, {}, false, true};
  auto answer = co_await worker_.desk.route(std::move(route));
  if (auto* granted = std::get_if<actors::Granted>(&answer)) {
    if (pay(*granted) != Paid::yes) {
      hand_back(*granted);
      co_return;
    }
    hedged_ = true;
    begin_attempt(std::move(*granted));
  }
}

/// Ends every attempt but a delivered one, and keeps what there is to say about each.
void ChatCall::close_attempts(const Attempt* winner) {
  const Time now = worker_.clock.now();
  for (auto& attempt : running_) {
    if (attempt.get() != winner && !attempt->failed()) attempt->abandon(Fault::caller_gone);
    if (attempt->failed() && attempt.get() != winner) {
      last_verdict_ = attempt->verdict();
      last_status_ = attempt->record(now).status;
    }
    record_.attempts.push_back(attempt->record(now));
    record_.attempts.back().began = attempt->started() - caller_.arrived;
    record_.attempts.back().hedge = hedged_ && attempt != running_.front();
    upstream_ += record_.attempts.back().took;
  }
  running_.clear();
  hedge_at_ = kNever;
}

awaitable<void> ChatCall::wait_until(Time until) {
  const Time from = worker_.clock.now();
  while (worker_.clock.now() < until && !gone()) {
    session_.wake().at = until;
    co_await session_.wake().wait();
  }
  record_.queued += worker_.clock.now() - from;
}

void ChatCall::leave_line(bool served) {
  if (const auto ticket = std::exchange(ticket_, 0)) worker_.desk.leave_line(ticket, served);
}

void ChatCall::note_gone() {
  record_.fault = Fault::caller_gone;
  record_.status = traits(Fault::caller_gone).status;
  session_.close_after();
  over_ = true;
}

void ChatCall::give_up(const policy::GiveUp& step) {
  over_ = true;
  if (operation_ == dialects::Operation::count_tokens && counts_without(step.fault)) return count_tokens();
  // What the budget has left is the cost cap then: the caller is told of the budget, not of a cap.
  if (economised_ && step.fault == Fault::policy_over_cost) return refuse_unpaid(Paid::exhausted);
  const Time now = worker_.clock.now();
  std::optional<Duration> retry_after;
  if (step.retry_at != kNever) retry_after = step.retry_at - now;
  if (last_verdict_ && last_verdict_->fault == step.fault)
    return fail_request(step.fault, last_status_, *last_verdict_, retry_after);
  const auto& why = refusal_ ? refusal_->why : std::string();
  fail_request(step.fault, 0, {step.fault, why, {}, {}, {}, {}}, retry_after);
}

void ChatCall::record() {
  const Time now = worker_.clock.now();
  record_.total = now - caller_.arrived;
  record_.overhead = std::max(Duration::zero(), record_.total - upstream_ - record_.queued);
  worker_.observer.request_finished(std::move(record_));
}

}  // namespace troupe::api
