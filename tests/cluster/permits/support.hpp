#pragma once
// Short words for scripted stories about permits.
#include <string>
#include <vector>

#include "cluster/permits/messages.hpp"

namespace troupe::cluster::testing {

inline Time at(double seconds) {
  return Time(Duration(static_cast<Duration::rep>(seconds * 1e9)));
}
inline Duration span(double seconds) {
  return Duration(static_cast<Duration::rep>(seconds * 1e9));
}

inline const LimitSpec kRpm{1, LimitKind::window, 10, std::chrono::seconds(60), 1};
inline const LimitSpec kAtOnce{2, LimitKind::concurrency, 4, std::chrono::seconds(60), 1};

/// All messages of one kind, in order.
template <class T>
std::vector<std::pair<NodeName, T>> all(const Outbox& out) {
  std::vector<std::pair<NodeName, T>> found;
  for (const auto& [to, message] : out) {
    if (const auto* one = std::get_if<T>(&message)) found.emplace_back(to, *one);
  }
  return found;
}

/// A report of one limit.
inline Report report(const SessionId& session, std::uint64_t seq, Time asked, ReportLine line,
                     bool opens = false) {
  Report out;
  out.session = session;
  out.seq = seq;
  out.asked = asked.time_since_epoch().count();
  if (opens) out.claim.emplace();
  out.lines.push_back(line);
  return out;
}

inline ReportLine line(LimitId limit, Units used, Units returned, Units want = 0) {
  ReportLine out;
  out.limit = limit;
  out.used = used;
  out.returned = returned;
  out.want = want;
  out.head = want > 0 ? 1 : 0;
  out.rate = want > 0 ? 1 : 0;
  return out;
}

}  // namespace troupe::cluster::testing
