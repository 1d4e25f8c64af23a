#pragma once
// Waits in a coroutine for something that is told once, from any thread.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "core/time.hpp"

namespace troupe::admin {

/// `start` gets the function that tells; nullopt when nothing was told within `patience`, or the client has
/// left. What is told later is dropped.
template <class T>
boost::asio::awaitable<std::optional<T>> once(Duration patience,
                                              std::function<void(std::function<void(T)>)> start) {
  struct Tray {
    explicit Tray(const boost::asio::any_io_executor& executor) : bell(executor) {}
    boost::asio::steady_timer bell;
    std::optional<T> told;
  };
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  auto tray = std::make_shared<Tray>(executor);
  tray->bell.expires_after(std::chrono::duration_cast<boost::asio::steady_timer::duration>(patience));
  std::function<void(T)> tell = [tray, executor](T told) {
    boost::asio::post(executor, [tray, got = std::move(told)]() mutable {
      tray->told = std::move(got);
      tray->bell.cancel();
    });
  };
  start(std::move(tell));
  boost::system::error_code rung;
  if (!tray->told) {
    co_await tray->bell.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
  }
  co_return std::move(tray->told);
}

}  // namespace troupe::admin
