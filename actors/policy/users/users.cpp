#include "actors/policy/users/users.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace troupe::users {

Users::Users(std::string tenant, const config::Limits& limits, std::string self)
    : place_{std::move(tenant), 0, cache::Ring(std::move(self)), limits} {}

void Users::ask(std::string_view user, Ticket ticket, Tokens input, Tokens output, Time now, Outbox& out,
                Telling& told) {
  const std::string name(user.substr(0, kLongestName));
  front_.ask(place_, name, ticket, Tally::needed(input, output, place_.limits), shared_, now, out, told);
  deliver(now, out, told);
}

void Users::begun(Ticket ticket, Time at, Time now, Outbox& out, Telling& told) {
  front_.begun(place_, ticket, at, now, out);
  deliver(now, out, told);
}

void Users::end(Ticket ticket, const Ended& how, Time now, Outbox& out, Telling& told) {
  front_.end(place_, ticket, how, now, out);
  deliver(now, out, told);
}

void Users::hear(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told) {
  dispatch(from, message, now, out, told);
  deliver(now, out, told);
}

void Users::dispatch(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told) {
  if (const auto* ask = std::get_if<Ask>(&message)) return home_.hear(place_, from, *ask, now, out);
  if (const auto* lines = std::get_if<Lines>(&message)) return home_.hear(place_, from, *lines, now, out);
  if (const auto* over = std::get_if<Handover>(&message)) return home_.hear(place_, from, *over, now, out);
  if (const auto* taken = std::get_if<Taken>(&message)) return home_.hear(place_, *taken);
  if (const auto* answer = std::get_if<Answer>(&message))
    return front_.hear(place_, from, *answer, now, out, told);
  if (const auto* noted = std::get_if<Noted>(&message)) return front_.hear(place_, from, *noted);
  const auto& report = std::get<Report>(message);
  home_.hear(place_, from, report, now, out);
  front_.hear(place_, from, report, now, out);
}

void Users::tick(Time now, Outbox& out, Telling& told) {
  home_.tick(place_, now, out);
  front_.tick(place_, now, out, told);
  deliver(now, out, told);
}

void Users::use(const std::vector<std::string>& others, Time now, Outbox& out, Telling& told) {
  cache::Ring ring(place_.ring.self(), others);
  if (ring.names() == place_.ring.names()) return;
  const auto before = place_;
  place_.ring = std::move(ring);
  shared_ = true;
  home_.moved(place_, before, now, out);
  front_.moved(place_, now, out);
  deliver(now, out, told);
}

void Users::leave(Time now, Outbox& out) {
  Telling told;
  front_.leave(place_, now, out);
  deliver(now, out, told);
  auto others = place_.ring.names();
  std::erase(others, place_.self());
  if (others.empty()) return;
  auto without = place_;
  without.ring = cache::Ring(others.front(), {others.begin() + 1, others.end()});
  home_.leave(without, now, out);
}

void Users::reconfigure(const config::Limits& limits) {
  if (limits == place_.limits) return;
  place_.limits = limits;
  front_.reconfigure(place_);
  home_.reconfigure(place_);
}

/// Our own words to ourselves, and what they lead to.
void Users::deliver(Time now, Outbox& out, Telling& told) {
  const auto to_self = [&](const auto& one) { return one.first == place_.self(); };
  for (auto at = std::find_if(out.begin(), out.end(), to_self); at != out.end();
       at = std::find_if(out.begin(), out.end(), to_self)) {
    const auto message = std::move(at->second);
    out.erase(at);
    dispatch(place_.self(), message, now, out, told);
  }
}

}  // namespace troupe::users
