#pragma once
// The probe of the gateway: verbs at the call site; metric names and labels live in metrics.cpp alone.
#include <cstddef>
#include <memory>
#include <string_view>

#include "gateway/admin/request_record.hpp"

namespace troupe::admin {

/// One per I/O thread; all calls on that thread. No lock, no allocation on the counters' path.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void request_started() = 0;
  /// Counts, puts the record into the ring of recent requests and writes the access log line.
  virtual void request_finished(RequestRecord record) = 0;
  /// An active probe ended: an attempt, its tokens and its cost, but no request of anybody's.
  virtual void probed(const RequestRecord& record) = 0;
  /// A task was wanted of the classifier elsewhere: answered, cached, failed, paused or busy.
  virtual void classified(std::string_view how) = 0;
  virtual void stream_opened() = 0;
  virtual void stream_closed() = 0;
  virtual void connection_opened() = 0;
  virtual void connection_closed() = 0;
};

}  // namespace troupe::admin
