#include "gateway/admin/events.hpp"

#include <fmt/format.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "gateway/admin/answers.hpp"

namespace troupe::admin {
namespace {

namespace asio = boost::asio;

std::string frame(std::string_view event, const Json& data) {
  return fmt::format("event: {}\ndata: {}\n\n", event, dump(data));
}

/// Counts one viewer for as long as it lives.
class Seat {
 public:
  explicit Seat(std::size_t& taken) : taken_(taken) { ++taken_; }
  ~Seat() { --taken_; }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  std::size_t& taken_;
};

http::Response event_head() {
  http::Response head;
  head.content_type = "text/event-stream";
  head.headers = {{"cache-control", "no-store"}, {"x-accel-buffering", "no"}};
  return head;
}

}  // namespace

std::string EventFeed::breaker_frames(const Json& keys) {
  std::string out;
  for (const auto& key : keys) {
    const auto state = key["state"].get<std::string>();
    auto& before = states_[key["id"].get<std::string>()];
    if (!first_ && before != state)
      out += frame("breaker",
                   {{"key", key["id"]}, {"from", before}, {"to", state}, {"fault", key["last_fault"]}});
    before = state;
  }
  return out;
}

std::string EventFeed::cluster_frames(const Json& cluster) {
  std::string out;
  if (cluster.is_null()) return out;
  std::map<std::string, std::string> now;
  for (const auto& [name, state] : cluster["members"].items()) now[name] = state.get<std::string>();
  for (const auto& [name, state] : members_) now.try_emplace(name, "gone");
  for (const auto& [name, state] : now) {
    auto& before = members_[name];
    if (!first_ && before != state) out += frame("member", {{"node", name}, {"from", before}, {"to", state}});
    before = state;
  }
  std::erase_if(members_, [](const auto& member) { return member.second == "gone"; });
  const auto office = cluster["allocator"].get<std::string>();
  if (!first_ && office != allocator_) out += frame("allocator", {{"from", allocator_}, {"to", office}});
  allocator_ = office;
  return out;
}

std::string EventFeed::frames(const Json& snapshot) {
  std::string out =
      frame("tick", snapshot) + breaker_frames(snapshot["keys"]) + cluster_frames(snapshot["cluster"]);
  if (!first_ && config_ != snapshot["config"]) out += frame("config", snapshot["config"]);
  if (alerts_ != snapshot["alerts"]) out += frame("alert", {{"alerts", snapshot["alerts"]}});
  config_ = snapshot["config"];
  alerts_ = snapshot["alerts"];
  first_ = false;
  return out;
}

asio::awaitable<http::Response> stream_events(std::shared_ptr<State> state, http::Exchange& exchange) {
  if (state->event_clients >= state->context().event_clients)
    co_return problem(503, "too many viewers of /events; close one and try again");
  const Seat seat(state->event_clients);
  asio::steady_timer timer(co_await asio::this_coro::executor);
  auto head = event_head();
  auto* out = co_await exchange.start(std::move(head));
  EventFeed feed;
  for (;;) {
    const auto snapshot = co_await state->snapshot();
    const auto piece = feed.frames(snapshot);
    const bool there = co_await out->write(piece);
    if (!there) co_return http::Response{};
    timer.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(state->context().tick));
    boost::system::error_code cut;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cut));
    if (cut) co_return http::Response{};
  }
}

}  // namespace troupe::admin
