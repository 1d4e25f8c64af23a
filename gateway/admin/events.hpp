#pragma once
// GET /events: server-sent events.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "gateway/admin/state.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

/// What one viewer has been told; turns moments into frames. A value: no clock, no socket.
class EventFeed {
 public:
  /// `tick` always; `breaker` for each key whose state changed, `config` when the revision or the reload
  /// verdict changed, `member` for each node of the cluster whose state changed, `allocator` when another is
  /// in office, `alert` when the set of alerts changed (all of them; an empty list says all is well).
  std::string frames(const Json& snapshot);

 private:
  std::string breaker_frames(const Json& keys);
  std::string cluster_frames(const Json& cluster);
  bool first_ = true;
  std::map<std::string, std::string> states_, members_;
  std::string allocator_;
  Json config_, alerts_ = Json::array();
};

/// Streams until the client leaves; 503 when there are too many viewers.
boost::asio::awaitable<http::Response> stream_events(std::shared_ptr<State> state, http::Exchange& exchange);

}  // namespace troupe::admin
