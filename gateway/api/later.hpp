#pragma once
// A coroutine of an I/O thread waits for what another thread will say.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "gateway/http/connection.hpp"
#include "gateway/http/wakeup.hpp"

namespace troupe::api {

/// One answer. Made and awaited on the thread of `io`, which outlives whoever tells; told once, from any
/// thread, or never when the waiter has gone.
template <class T>
class Later {
 public:
  Later(boost::asio::io_context& io, http::Wakeup& wake) : io_(io), wake_(wake) { said_->wake = &wake; }
  ~Later() { said_->wake = nullptr; }
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;

  /// What the other thread calls.
  std::function<void(T)> teller() {
    return [said = said_, &io = io_](T value) {
      // Shared for the copy that std::function wants; the value itself is moved all the way.
      auto box = std::make_shared<T>(std::move(value));
      boost::asio::post(io, [said, box] {
        said->value.emplace(std::move(*box));
        if (said->wake) said->wake->ready();
      });
    };
  }
  /// nullopt when `client` was closed meanwhile, by a node that ends for example.
  boost::asio::awaitable<std::optional<T>> value(const http::Connection& client) {
    while (!said_->value && client.open()) {
      wake_.at = kNever;
      co_await wake_.wait();
    }
    co_return std::move(said_->value);
  }

 private:
  struct Said {
    std::optional<T> value;
    http::Wakeup* wake = nullptr;
  };
  boost::asio::io_context& io_;
  http::Wakeup& wake_;
  std::shared_ptr<Said> said_ = std::make_shared<Said>();
};

}  // namespace troupe::api
