#include "gateway/http/wakeup.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace troupe::http {
namespace {
constexpr auto kTick = std::chrono::milliseconds(20);
}

Watchdog::Watchdog(boost::asio::io_context& io, const Clock& clock) : timer_(io), clock_(clock) {}

Watchdog::~Watchdog() = default;

void Watchdog::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Watchdog::schedule() {
  if (ticking_ || stopped_ || waiters_ == 0) return;
  ticking_ = true;
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    ticking_ = false;
    if (error) return;
    tick();
    schedule();
  });
}

/// A woken waiter may end itself and others: the cursor is moved on by those that go.
template <class Due>
void Watchdog::wake_if(Due due) {
  for (Wakeup* w = first_; w != nullptr; w = cursor_) {
    cursor_ = w->next_;
    if (due(*w)) w->ready();
  }
  cursor_ = nullptr;
}

void Watchdog::tick() {
  const Time now = clock_.now();
  wake_if([now](Wakeup& w) {
    if (w.at > now) return false;
    w.at = kNever;
    return true;
  });
}

void Watchdog::wake_all() {
  wake_if([](Wakeup&) { return true; });
}

Wakeup::Wakeup(Watchdog& dog) : dog_(dog), next_(dog.first_) {
  if (next_ != nullptr) next_->previous_ = this;
  dog.first_ = this;
  ++dog.waiters_;
  dog.schedule();
}

Wakeup::~Wakeup() {
  if (dog_.cursor_ == this) dog_.cursor_ = next_;
  (previous_ != nullptr ? previous_->next_ : dog_.first_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  --dog_.waiters_;
}

void Wakeup::ready() {
  if (!suspended_) {
    pending_ = true;
    return;
  }
  auto suspended = std::move(suspended_);
  suspended->resume();
}

struct Wakeup::Initiate {
  Wakeup* self;
  template <class Handler>
  void operator()(Handler&& handler) const {
    using Stored = std::decay_t<Handler>;
    struct Holder final : Suspended {
      explicit Holder(Stored h) : handler(std::move(h)) {}
      void resume() override {
        auto taken = std::move(handler);
        std::move(taken)();
      }
      Stored handler;
    };
    self->suspended_ = std::make_unique<Holder>(std::forward<Handler>(handler));
  }
};

boost::asio::awaitable<void> Wakeup::wait() {
  if (pending_) {
    pending_ = false;
    co_return;
  }
  Initiate initiate{this};
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      initiate, boost::asio::use_awaitable);
  pending_ = false;
}

}  // namespace troupe::http
