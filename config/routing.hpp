#pragma once
// The rules of a configuration, ready to be asked.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/rules/classify.hpp"
#include "config/rules/rule.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// Immutable; shared by all threads.
class Routing {
 public:
  struct One {
    Route route;
    rules::Rule rule;
  };

  /// Rules that do not parse are left out: validation has refused them.
  explicit Routing(const Config& config);

  bool empty() const { return all_.empty(); }
  const std::vector<One>& all() const { return all_; }
  /// Whether any rule asks for this, so that nobody prepares the rest.
  bool asks(rules::Field field) const { return (asked_ >> static_cast<unsigned>(field)) & 1; }
  /// The first rule that holds and whose alias the tenant and its key may use (nullptr: nobody's, all): its
  /// number in all(), from 1; 0 when there is none.
  std::size_t first(const rules::Facts& facts, const Tenant* tenant, const VirtualKey* key = nullptr) const;
  /// Whether the classifier could have said so.
  bool knows_task(std::string_view name) const;
  std::string_view classify(std::string_view text) const { return rules::classify(text, tasks_); }

 private:
  std::vector<One> all_;
  std::uint32_t asked_ = 0;
  std::vector<rules::Task> tasks_;
};

}  // namespace troupe::config
