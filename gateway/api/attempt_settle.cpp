// What a call came to: for its key, for who pays, and for the record.
#include "gateway/api/accounting.hpp"
#include "gateway/api/attempt.hpp"

namespace troupe::api {
namespace {

actors::ProviderLimits convert(const providers::LimitReport& from) {
  const auto window = [](const providers::LimitReport::Window& w) {
    return actors::ProviderLimits::Window{w.limit, w.remaining, w.reset};
  };
  return {window(from.requests_minute),
          window(from.tokens_minute),
          window(from.input_tokens_minute),
          window(from.output_tokens_minute),
          window(from.requests_day),
          window(from.tokens_day),
          from.retry_after};
}

}  // namespace

void Attempt::account() {
  std::optional<Usage> reported;
  if (whole_) reported = whole_->usage;
  if (reader_) reported = reader_->usage;
  const bool relayed = whole_ || (reader_ && reader_->content_started);
  const std::int64_t bytes = whole_    ? static_cast<std::int64_t>(whole_->body.size())
                             : reader_ ? reader_->output_bytes
                                       : 0;
  if (reported) {
    usage_ = *reported;
    worker_.counting.learn(granted_.endpoint->key->provider->name + "/" + granted_.endpoint->model, request_,
                           usage_.input);
  } else if (relayed) {
    usage_ = estimated_usage(request_.input_estimate, bytes);
  }
  if (reported || relayed) cost_ = cost_of(*granted_.endpoint, usage_);
}

void Attempt::settle_payment() {
  if (!payment_) return;
  CallEnd end{sent_, head_.status, std::nullopt, cost_};
  if (usage_ != Usage{}) end.usage = usage_;
  payment_->settle(end, *granted_.endpoint, worker_.clock.wall());
}

void Attempt::settle(std::optional<Fault> fault) {
  if (settled_) return;
  settled_ = true;
  account();
  settle_payment();
  actors::Settlement settlement;
  settlement.permit = granted_.permit;
  settlement.fault = fault;
  settlement.called = sent_;
  settlement.usage = usage_;
  settlement.cost = cost_;
  settlement.first_token = first_token_;
  settlement.total = ended_ - started_;
  if (head_seen_) settlement.limits = convert(adapter_.limits(head_, worker_.clock.wall()));
  if (verdict_ && verdict_->retry_after) settlement.limits.retry_after = verdict_->retry_after;
  if (sent_ && granted_.send_by != kNever && worker_.watch.ended) worker_.watch.ended(ended_ - started_);
  worker_.desk.settle(granted_, std::move(settlement));
}

admin::AttemptRecord Attempt::record(Time now) const {
  const auto& endpoint = *granted_.endpoint;
  admin::AttemptRecord record;
  record.provider = endpoint.key->provider->name;
  record.key = endpoint.key->key.name;
  record.model = endpoint.model;
  record.status = head_.status;
  if (verdict_) record.fault = verdict_->fault;
  record.took = (ended_ == kNever ? now : ended_) - started_;
  record.first_token = first_token_;
  record.probe = granted_.probe;
  return record;
}

}  // namespace troupe::api
