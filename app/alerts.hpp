#pragma once
// Budgets that reach their shares are told to whoever the configuration names.
#include <memory>

#include "cluster/treasury/treasury.hpp"
#include "core/time.hpp"
#include "gateway/api/worker.hpp"
#include "gateway/hooks/courier.hpp"

namespace troupe::app {

/// What is told of a budget that has reached a share.
hooks::Notice notice_of(const money::Reached& reached, const std::string& node);

/// Lives on the first thread, beside its worker; the treasury outlives it.
class Alerts {
 public:
  Alerts(money::Treasury& treasury, api::Worker& worker);
  ~Alerts();
  Alerts(const Alerts&) = delete;
  Alerts& operator=(const Alerts&) = delete;

  /// Each second.
  void look() { courier_.look(worker_.clock.now()); }

 private:
  money::Treasury& treasury_;
  api::Worker& worker_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::map<std::string, money::Alarm> open_;  ///< by id
  hooks::Courier courier_;
};

}  // namespace troupe::app
