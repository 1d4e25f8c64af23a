#include "app/alerts.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "cluster/money/period.hpp"
#include "config/environment.hpp"
#include "config/periods.hpp"

namespace troupe::app {

hooks::Notice notice_of(const money::Reached& reached, const std::string& node) {
  const auto& [alarm, fund] = reached;
  hooks::Notice notice;
  notice.id = alarm.id();
  notice.node = node;
  notice.budget = fund.owner;
  notice.title = fund.title;
  notice.period =
      std::string(fund.rule.rolling ? "rolling " : "") + std::string(config::name(fund.rule.period));
  notice.share = alarm.share / 10'000.0;
  notice.cap_usd = format_dollars(Money{alarm.budget.cap});
  notice.used_usd = format_dollars(Money{alarm.used});
  notice.renews = money::day_of(alarm.budget.until);
  notice.how = fund.rule.alert;
  return notice;
}

Alerts::Alerts(money::Treasury& treasury, api::Worker& worker)
    : treasury_(treasury),
      worker_(worker),
      courier_(worker.pool, worker.clock, keeper::Route{{}, {}, config::real_environment().variable},
               [this](const hooks::Notice& notice) {
                 const auto alarm = open_.extract(notice.id);
                 if (!alarm.empty()) treasury_.told(alarm.mapped());
               }) {
  treasury_.on_reached([this, alive = std::weak_ptr(alive_)](const money::Reached& reached) {
    boost::asio::post(worker_.io, [this, alive, reached] {
      if (alive.expired()) return;
      open_.insert_or_assign(reached.alarm.id(), reached.alarm);
      courier_.tell(notice_of(reached, worker_.node));
    });
  });
}

Alerts::~Alerts() {
  treasury_.on_reached({});
}

}  // namespace troupe::app
