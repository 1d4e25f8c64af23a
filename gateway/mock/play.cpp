#include "gateway/mock/play.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace troupe::mock {
namespace asio = boost::asio;

namespace {

/// No client waits longer; a stall beyond it would only hold memory.
constexpr auto kForever = std::chrono::hours(1);

std::size_t frames_before_accident(const Frames& frames, const Plan& plan) {
  const auto all = frames.content.size();
  if (plan.act == Act::answer) return all;
  if (!plan.after) return all / 2;
  return std::min(all, static_cast<std::size_t>(std::max<std::int64_t>(*plan.after, 0)));
}

asio::awaitable<bool> write_paced(http::BodyWriter& body, const Frames& frames, std::size_t count,
                                  Duration between) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(Duration{});
  bool going = true;
  for (std::size_t i = 0; i < count && going; ++i) {
    if (i > 0) {
      // From the last instant planned, not from now: lateness does not add up.
      timer.expires_at(timer.expiry() + between);
      co_await timer.async_wait(asio::use_awaitable);
    }
    going = co_await body.write(frames.content[i]);
  }
  co_return going;
}

asio::awaitable<bool> write_content(http::BodyWriter& body, const Frames& frames, std::size_t count,
                                    Duration between) {
  if (between > Duration{}) {
    const bool going = co_await write_paced(body, frames, count, between);
    co_return going;
  }
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += frames.content[i];
  const bool going = co_await body.write(all);
  co_return going;
}

asio::awaitable<void> end(http::BodyWriter& body, const Frames& frames, Act act) {
  switch (act) {
    case Act::cut:
      body.abort();
      break;
    case Act::stall:
      co_await pause(kForever);
      break;
    case Act::malformed:
      co_await body.write(frames.garbage);
      break;
    case Act::truncated:
      break;
    case Act::stream_error:
      co_await body.write(frames.error_event);
      break;
    default:
      co_await body.write(frames.closing);
      break;
  }
}

}  // namespace

asio::awaitable<void> pause(Duration span) {
  if (span <= Duration{}) co_return;
  asio::steady_timer timer(co_await asio::this_coro::executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> play(http::Exchange& exchange, http::Response head, Frames frames, Plan plan) {
  co_await pause(plan.act == Act::hang ? Duration(kForever) : plan.first);
  if (plan.act == Act::reset) co_return exchange.abort();
  auto* body = co_await exchange.start(std::move(head));
  bool going = co_await body->write(frames.opening);
  const auto count = frames_before_accident(frames, plan);
  if (going) going = co_await write_content(*body, frames, count, plan.between);
  if (going) co_await end(*body, frames, plan.act);
}

}  // namespace troupe::mock
