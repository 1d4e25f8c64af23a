#pragma once
// Calls that are nobody's request: probes, copies for a shadow model, texts that become vectors.
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>

#include "gateway/api/attempt.hpp"

namespace troupe::api {

class Session;

/// Counts for as long as it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

/// Moves a started call on until it is complete or failed; what it streams is let fall. False: `stop` became
/// true meanwhile (looked at after each wake), and the call was abandoned as troupe_draining.
boost::asio::awaitable<bool> drive(Attempt& attempt, http::Wakeup& wake, const Clock& clock,
                                   const bool* stop = nullptr);

/// The record of a request whose only attempt this is; `total` is what the attempt took.
void note(const Attempt& attempt, Time now, admin::RequestRecord& record);

/// Serves a connection on the worker's thread; the session lives for as long as that takes. One that throws
/// is closed by its destructor, and said in the log.
void serve(Worker& worker, std::shared_ptr<Session> session);

}  // namespace troupe::api
