#pragma once
// Whom this node has a link to, whom it has lost, and since when nobody spoke for those.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace troupe::members {

/// The evidence of failure detection. With a link to everybody there is nothing to ping: a standing link is
/// the proof of life, and for a lost one others are asked (SWIM's indirect probe, Das et al. 2002). A value.
class Reach {
 public:
  void connected(const std::string& name);
  void disconnected(const std::string& name, Time now);
  /// From now on somebody must reach `name`. Nothing changes when it is linked or watched already.
  void watch(const std::string& name, Time now);
  /// It is of no interest any more.
  void drop(const std::string& name) { lost_.erase(name); }
  /// Somebody else has a link to it.
  void vouched(const std::string& name, Time now);
  /// This node slept: nobody is to blame for the time.
  void excuse(Time now);

  bool linked(std::string_view name) const { return linked_.contains(name); }
  const std::set<std::string, std::less<>>& links() const { return linked_; }
  /// Lost, and nobody reached it for `span`.
  bool silent(std::string_view name, Duration span, Time now) const;
  /// The lost ones that others are to be asked about now; asks again after `pause`.
  std::vector<std::string> questions(Duration pause, Time now);

 private:
  struct Lost {
    Time evidence, ask_at;
  };
  std::set<std::string, std::less<>> linked_;
  std::map<std::string, Lost, std::less<>> lost_;
};

}  // namespace troupe::members
