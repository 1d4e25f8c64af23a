#pragma once
// How a coroutine asks an actor. Internal to actors/.
//
// The question is sent and the actors it makes ready run at once, on this thread; only when no answer came of
// that does the coroutine suspend, on an Asio timer that is both its deadline and its way to be cancelled.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "actors/port.hpp"
#include "core/time.hpp"

namespace troupe::actors {

enum class Priority { normal, high };

/// One question and its answer. Lives in the asking coroutine's frame, on the port's thread. When it goes
/// with an answer that nobody took, the port treats that answer as one that came too late.
template <class Answer>
class Question final : private Asker {
 public:
  explicit Question(Port& port) : port_(port) {}
  ~Question() {
    if (!settled_) port_.close_slot(id_);
    if (value_) hand_back();
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  /// Sends and runs what becomes ready. Once per question.
  template <class Handle, class Message>
  void send(const Handle& to, Message message, Priority priority = Priority::normal) {
    auto* actor = caf::actor_cast<caf::abstract_actor*>(to);
    settled_ = false;
    id_ = port_.open_slot(*this);
    const auto id = priority == Priority::high ? id_.with_high_priority() : id_;
    port_.unit().enter([&] {
      actor->enqueue(caf::make_mailbox_element(port_.address(), id, {}, std::move(message)), &port_.unit());
    });
  }

  /// No more answer is to be expected: it is here, or the actor is dead or refused to understand.
  bool settled() const { return settled_; }

  /// Waits until settled, `patience` is over (none: for ever) or the coroutine is cancelled. Only when not
  /// settled.
  boost::asio::awaitable<void> wait(std::optional<Duration> patience = std::nullopt) {
    timer_.emplace(port_.unit().io());
    if (patience) {
      timer_->expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(*patience));
    } else {
      timer_->expires_at(std::chrono::steady_clock::time_point::max());
    }
    co_await timer_->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }

  /// The answer, moved out; nullopt when none came.
  std::optional<Answer> take() { return std::exchange(value_, std::nullopt); }

 private:
  void answered(caf::message& content) override {
    settled_ = true;
    if (content.match_elements<Answer>()) value_.emplace(std::move(content.get_mutable_as<Answer>(0)));
    if (timer_) timer_->cancel();
  }

  void hand_back() {
    auto content = caf::make_message(std::move(*value_));
    port_.unit().enter([&] { port_.late(content); });
  }

  Port& port_;
  caf::message_id id_;
  bool settled_ = true;
  std::optional<Answer> value_;
  std::optional<boost::asio::steady_timer> timer_;
};

/// The whole of it for paths that are not hot; nullopt when the actor is gone or did not answer in time.
template <class Answer, class Handle, class Message>
boost::asio::awaitable<std::optional<Answer>> ask(Port& port, Handle to, Message message,
                                                  Priority priority = Priority::normal,
                                                  std::optional<Duration> patience = std::nullopt) {
  Question<Answer> question(port);
  question.send(to, std::move(message), priority);
  if (!question.settled()) co_await question.wait(patience);
  co_return question.take();
}

}  // namespace troupe::actors
