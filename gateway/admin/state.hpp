#pragma once
// What the admin endpoints share: the context, the last inspection and the pulse. One thread's.
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "gateway/admin/admin.hpp"
#include "gateway/admin/exposition.hpp"
#include "gateway/admin/key_view.hpp"
#include "gateway/admin/pulse.hpp"

namespace troupe::admin {

/// Owned by the handler (and by each event stream while it runs).
class State {
 public:
  explicit State(AdminContext context);

  const AdminContext& context() const { return context_; }
  const Clock& clock() const { return *context_.clock; }
  std::shared_ptr<const config::Config> config() const;
  config::Secret token() const;

  /// All actors now.
  boost::asio::awaitable<std::vector<actors::ActorInfo>> inspect();
  /// What the dashboard shows: rates, keys, alerts. Many viewers share one inspection.
  boost::asio::awaitable<Json> snapshot();
  boost::asio::awaitable<ScrapeState> scrape_state();
  Json ready() const;
  Json config_state() const;

  std::size_t event_clients = 0;

 private:
  AdminContext context_;
  Pulse pulse_;
  std::vector<actors::ActorInfo> seen_;
  std::optional<Time> seen_at_;
};

}  // namespace troupe::admin
