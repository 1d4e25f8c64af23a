#pragma once
// How a session coroutine waits: for anything to happen on its connections, or for its deadline. One thread
// throughout.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "core/time.hpp"

namespace troupe::http {

/// Told when a connection has news: bytes, an end, or an emptied send buffer.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void ready() = 0;
};

class Wakeup;

/// Notices deadlines of all waiters of one I/O thread, by one timer that ticks while anyone waits. A deadline
/// is noticed at most one tick (20 ms) late; that keeps the timer queue out of the request path.
class Watchdog {
 public:
  Watchdog(boost::asio::io_context& io, const Clock& clock);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  Time now() const { return clock_.now(); }
  /// Wakes every waiter, for a change that concerns them all.
  void wake_all();
  /// Stops ticking; waiters are no longer woken by time.
  void stop();

 private:
  friend class Wakeup;
  void tick();
  template <class Due>
  void wake_if(Due due);
  void schedule();

  boost::asio::steady_timer timer_;
  const Clock& clock_;
  Wakeup* first_ = nullptr;
  Wakeup* cursor_ = nullptr;  ///< next one of the running tick; moves on when that one goes away
  std::size_t waiters_ = 0;
  bool ticking_ = false, stopped_ = false;
};

/// One waiter. wait() may be awaited by one coroutine at a time; spurious wakes are allowed, so callers look
/// again.
class Wakeup final : public Listener {
 public:
  explicit Wakeup(Watchdog& dog);
  ~Wakeup() override;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// Suspends until ready() or the deadline `at`; returns at once when ready() was called since the last
  /// wait.
  boost::asio::awaitable<void> wait();
  void ready() override;

  Time at = kNever;  ///< deadline; set it before wait()

  /// The suspended coroutine, type-erased; internal.
  struct Suspended {
    virtual ~Suspended() = default;
    virtual void resume() = 0;
  };

 private:
  friend class Watchdog;
  struct Initiate;

  Watchdog& dog_;
  std::unique_ptr<Suspended> suspended_;
  bool pending_ = false;
  Wakeup* previous_ = nullptr;
  Wakeup* next_ = nullptr;
};

}  // namespace troupe::http
