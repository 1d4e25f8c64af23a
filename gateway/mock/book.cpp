#include "gateway/mock/book.hpp"

#include <algorithm>

namespace troupe::mock {
namespace {
constexpr Duration kMinute = std::chrono::seconds(60);
constexpr std::size_t kMostPages = 10'000;
}  // namespace

void RollingMinute::forget(Time now) {
  while (!entries_.empty() && entries_.front().at + kMinute <= now) {
    sum_ -= entries_.front().amount;
    entries_.pop_front();
  }
}

void RollingMinute::add(Time now, std::int64_t amount) {
  forget(now);
  entries_.push_back({now, amount});
  sum_ += amount;
  worst_ = std::max(worst_, sum_);
}

std::int64_t RollingMinute::sum(Time now) {
  forget(now);
  return sum_;
}

Duration RollingMinute::until_fits(Time now, std::int64_t amount, std::int64_t limit) {
  auto left = sum(now);
  if (left + amount <= limit) return {};
  for (const auto& entry : entries_) {
    left -= entry.amount;
    if (left + amount <= limit) return entry.at + kMinute - now;
  }
  return kMinute;
}

Duration RollingMinute::until_empty(Time now) {
  forget(now);
  return entries_.empty() ? Duration{} : entries_.back().at + kMinute - now;
}

std::optional<Page::Refusal> Page::admit(Time now, std::int64_t size) {
  if (rules.concurrency > 0 && in_flight >= rules.concurrency)
    return Refusal{"concurrency", std::chrono::seconds(1)};
  if (const auto wait = rules.rpm > 0 ? served.until_fits(now, 1, rules.rpm) : Duration{}; wait > Duration{})
    return Refusal{"requests", wait};
  if (const auto wait = rules.tpm > 0 ? tokens.until_fits(now, size, rules.tpm) : Duration{};
      wait > Duration{})
    return Refusal{"tokens", wait};
  served.add(now, 1);
  tokens.add(now, size);
  return std::nullopt;
}

Page& Book::page(const std::string& key) {
  const bool full = pages_.size() >= kMostPages && !pages_.contains(key);
  const auto [at, fresh] = pages_.try_emplace(full ? "(others)" : key);
  if (fresh) at->second.rules = everyone_;
  return at->second;
}

Result<Json> Book::change(const Json& change) {
  const auto key = change.find("key");
  if (key != change.end() && key->is_string()) {
    auto& one = page(key->get<std::string>());
    const auto rules = changed(one.rules, change);
    if (!rules) return tl::unexpected(rules.error());
    one.rules = *rules;
    return to_json(one.rules);
  }
  const auto rules = changed(everyone_, change);
  if (!rules) return tl::unexpected(rules.error());
  everyone_ = *rules;
  for (auto& [name, one] : pages_)
    if (auto own = changed(one.rules, change)) one.rules = *own;
  return to_json(everyone_);
}

Json Book::stats(Time now) {
  Json keys = Json::object();
  std::int64_t total = 0;
  for (auto& [key, one] : pages_) {
    Json statuses = Json::object();
    for (const auto& [status, count] : one.statuses) statuses[std::to_string(status)] = count;
    keys[shown(key)] = {{"calls", one.total},
                        {"refused", one.refused},
                        {"last_60s", one.calls.sum(now)},
                        {"worst_60s", one.calls.worst()},
                        {"worst_served_60s", one.served.worst()},
                        {"worst_tokens_60s", one.tokens.worst()},
                        {"in_flight", one.in_flight},
                        {"worst_in_flight", one.worst_in_flight},
                        {"models", one.models},
                        {"statuses", statuses}};
    total += one.total;
  }
  return {{"calls", total}, {"keys", keys}};
}

Json Book::seen(Time now) {
  Json keys = Json::array();
  for (auto& [key, one] : pages_)
    keys.push_back({{"key", tail(key)},
                    {"last_60s", one.calls.sum(now)},
                    {"worst_60s", one.calls.worst()},
                    {"worst_tokens_60s", one.tokens.worst()},
                    {"refused", one.refused},
                    {"total", one.total}});
  return {{"keys", std::move(keys)}};
}

void Book::reset() {
  for (auto& [key, one] : pages_) {
    const auto flying = one.in_flight;
    one = Page{};
    one.rules = everyone_;
    one.in_flight = flying;
  }
}

std::string shown(const std::string& key) {
  return key.size() <= 24 ? key : key.substr(0, 6) + "..." + key.substr(key.size() - 4);
}

std::string tail(const std::string& key) {
  return key.size() > 8 ? "..." + key.substr(key.size() - 4) : "...";
}

}  // namespace troupe::mock
