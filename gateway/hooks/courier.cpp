#include "gateway/hooks/courier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/log.hpp"

namespace troupe::hooks {

struct Courier::Letter {
  Letter(Notice told, http::Pool& pool, const Clock& clock, const keeper::Route& route)
      : notice(std::move(told)), fetch(pool, clock, route) {}
  Notice notice;
  keeper::Fetch fetch;
  int failures = 0;
  Time due{};
  bool over = false;
};

Courier::Courier(http::Pool& pool, const Clock& clock, keeper::Route route,
                 std::function<void(const Notice&)> heard)
    : pool_(pool), clock_(clock), route_(std::move(route)), heard_(std::move(heard)) {}

Courier::~Courier() = default;

void Courier::tell(Notice notice) {
  const auto same = [&](const auto& letter) { return letter->notice.id == notice.id && !letter->over; };
  if (std::any_of(letters_.begin(), letters_.end(), same) || letters_.size() >= kMost) return;
  log::warn("budget_alert")
      .text("budget", notice.budget)
      .number("percent", std::lround(notice.share * 100))
      .text("cap_usd", notice.cap_usd)
      .text("used_usd", notice.used_usd)
      .text("renews", notice.renews);
  if (notice.how.webhook.empty()) return heard_(notice);
  letters_.push_back(std::make_unique<Letter>(std::move(notice), pool_, clock_, route_));
  send(*letters_.back());
}

void Courier::send(Letter& letter) {
  auto url = cloud::parse_url(letter.notice.how.webhook.reveal());
  if (!url) return ended(letter, fail(Fault::caller_bad_request, "the webhook is no URL"));
  cloud::Ask ask;
  ask.method = "POST";
  ask.url = std::move(*url);
  ask.body = body_of(letter.notice, clock_.wall());
  ask.headers = headers_of(letter.notice, ask.body, clock_.wall());
  letter.fetch.start(std::move(ask),
                     [this, &letter](const Result<cloud::Reply>& result) { ended(letter, result); });
}

/// Letters go when they are looked at next: a fetch may end within its own start.
void Courier::ended(Letter& letter, const Result<cloud::Reply>& result) {
  if (result && result->status / 100 == 2) {
    letter.over = true;
    return heard_(letter.notice);
  }
  ++letter.failures;
  letter.over = letter.failures >= kTries;
  letter.due = clock_.now() + pause_after(letter.failures);
  auto line = log::warn("budget_alert_unheard");
  line.text("budget", letter.notice.budget).number("tries", letter.failures);
  if (result)
    line.number("status", result->status);
  else
    line.text("why", result.error().message);
}

void Courier::look(Time now) {
  for (auto& letter : letters_) letter->fetch.look(now);
  std::erase_if(letters_, [](const auto& letter) { return letter->over; });
  for (auto& letter : letters_)
    if (!letter->fetch.busy() && letter->due <= now) send(*letter);
}

}  // namespace troupe::hooks
