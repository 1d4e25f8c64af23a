#pragma once
// What one I/O thread sees of the actors. No CAF in this header.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "actors/routing.hpp"

namespace troupe::actors {

/// Borrowed by the sessions of one I/O thread; call only on that thread. Owned by the Company
/// (actors/company.hpp).
class Desk {
 public:
  virtual ~Desk() = default;

  /// Asks this thread's router, which delegates to a key. Usually completes without suspending.
  /// Cancelling the coroutine is safe: a permit granted to nobody is settled as not called.
  virtual boost::asio::awaitable<RouteAnswer> route(RouteAsk ask) = 0;

  /// Ends a permit. Fire and forget; exactly once per Granted.
  virtual void settle(const Granted& granted, Settlement settlement) = 0;

  /// Joins the waiting line of an alias. Completes when this request is at the head, or at once with `false`
  /// when the line is full. The caller must call leave() exactly once after `true`, and may cancel while
  /// waiting.
  virtual boost::asio::awaitable<bool> join_line(std::string alias, Time deadline) = 0;
  virtual void leave_line(const std::string& alias) = 0;
};

}  // namespace troupe::actors
