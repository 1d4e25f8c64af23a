#include "actors/thread_desk.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <caf/make_message.hpp>
#include <utility>
#include <variant>

#include "actors/ask.hpp"
#include "actors/line_actor.hpp"
#include "actors/tell.hpp"
#include "actors/tenant_actor.hpp"

namespace troupe::actors {
namespace {

/// How often a question is put again when the actor that had it died; the supervisor needs a turn or two.
constexpr int kTries = 4;

Refused restarting(Time now) {
  return Refused{Fault::troupe_no_capacity, now + std::chrono::milliseconds(10),
                 "the actor that decides is being restarted", std::nullopt, false};
}

Refused cancelled() {
  return Refused{Fault::caller_gone, kNever, "the request was cancelled", std::nullopt, false};
}

}  // namespace

template <class Cell>
void ThreadDesk::put(Cell& cell, Letter letter) {
  if (!cell.letters.put(std::move(letter))) return;
  if (const auto* actor = cell.door.handle()) tell(port(), *actor, ReadLetters{});
}

ThreadDesk::ThreadDesk(caf::actor_system& system, std::size_t thread, std::shared_ptr<Cast> cast)
    : thread_(thread),
      cast_(std::move(cast)),
      address_(Port::open(system, Coordinator::of(system).unit(thread))) {
  port().on_late([this](caf::message& content) { settle_late(content); });
}

boost::asio::awaitable<RouteAnswer> ThreadDesk::route(RouteAsk ask) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    Question<RouteAnswer> question(port());
    question.send(*router().handle(), Route{ask});
    if (!question.settled()) co_await question.wait();
    if (auto answer = question.take()) {
      const auto* refused = std::get_if<Refused>(&*answer);
      if (refused && refused->kept) step_aside(ask.ticket);
      co_return std::move(*answer);
    }
    if (!question.settled()) co_return cancelled();
    co_await boost::asio::post(port().unit().io(), boost::asio::use_awaitable);
  }
  co_return restarting(cast_->stage->clock->now());
}

void ThreadDesk::settle(const Granted& granted, Settlement settlement) {
  settlement.permit = granted.permit;
  if (granted.endpoint->adapted) granted.endpoint->adapted->learn(settlement);
  auto& cell = *granted.endpoint->key->cell;
  put(cell, std::move(settlement));
}

void ThreadDesk::begun(const Granted& granted, Time at) {
  put(*granted.endpoint->key->cell, Begun{granted.permit, at});
}

void ThreadDesk::settle_late(caf::message& content) {
  if (content.match_elements<Admitted>()) {
    const auto& admitted = content.get_as<Admitted>(0);
    Settlement unused;
    unused.permit = admitted.admission.permit;
    unused.called = false;
    if (unused.permit != 0) put(*admitted.cell, std::move(unused));
    return;
  }
  if (!content.match_elements<RouteAnswer>()) return;
  const auto* granted = std::get_if<Granted>(&content.get_as<RouteAnswer>(0));
  if (!granted) return;
  Settlement unused;
  unused.called = false;
  settle(*granted, std::move(unused));
}

const TenantSeat* ThreadDesk::seat_of(const std::string& tenant) {
  cast_->refresh(known_);
  const auto found = known_->tenants.find(tenant);
  return found == known_->tenants.end() ? nullptr : &found->second;
}

boost::asio::awaitable<Admission> ThreadDesk::admit(std::string tenant, std::string user, Tokens input,
                                                    Tokens output) {
  Admission none;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const auto* seat = seat_of(tenant);
    if (!seat || !seat->limits) co_return none;
    Question<Admitted> question(port());
    question.send(*seat->cell->door.handle(), Admit{input, output, user});
    if (!question.settled()) co_await question.wait();
    if (auto answer = question.take()) co_return std::move(answer->admission);
    if (!question.settled()) {
      none.refused = cancelled();
      co_return none;
    }
    co_await boost::asio::post(port().unit().io(), boost::asio::use_awaitable);
  }
  none.refused = restarting(cast_->stage->clock->now());
  co_return none;
}

void ThreadDesk::settle_tenant(const std::string& tenant, PermitId permit, Usage usage, bool called,
                               Duration took) {
  const auto* seat = seat_of(tenant);
  if (!seat || permit == 0) return;
  Settlement settlement;
  settlement.permit = permit;
  settlement.called = called;
  settlement.usage = usage;
  settlement.first_token = Duration{0};
  settlement.total = took;
  put(*seat->cell, std::move(settlement));
}

void ThreadDesk::begun_tenant(const std::string& tenant, PermitId permit, Time at) {
  const auto* seat = seat_of(tenant);
  if (seat && permit != 0) put(*seat->cell, Begun{permit, at});
}

std::shared_ptr<LineCell> ThreadDesk::line_of(const std::string& alias) const {
  const auto snapshot = cast_->snapshot();
  if (const auto* route = snapshot->alias(alias)) return route->line;
  const auto line = snapshot->provider_lines.find(std::string(provider_of(alias)));
  return line == snapshot->provider_lines.end() ? nullptr : line->second;
}

boost::asio::awaitable<std::uint64_t> ThreadDesk::join_line(std::shared_ptr<const RequestFacts> facts,
                                                            Time deadline) {
  const Place place{line_of(facts->model), std::uint64_t{thread_} << 48 | ++tickets_};
  if (!place.line) co_return 0;
  const bool turn = co_await wait_in(place, *facts, deadline);
  if (!turn) co_return 0;
  turns_.emplace(place.ticket, place.line);
  co_return place.ticket;
}

boost::asio::awaitable<bool> ThreadDesk::wait_in(const Place& place, const RequestFacts& facts,
                                                 Time deadline) {
  // Whoever does not get the head leaves, whether time is up, the caller is gone or the frame dies.
  struct Guard {
    ThreadDesk& desk;
    const Place& place;
    bool stays = false;
    ~Guard() {
      if (!stays) desk.leave(place, false);
    }
  } guard{*this, place};
  const auto* line = place.line->door.handle();
  if (!line) co_return false;
  Question<Turn> question(port());
  question.send(*line, Join{{place.ticket, facts.priority, facts.tenant, facts.weight,
                             facts.input.count + facts.output.count}});
  if (!question.settled()) {
    std::optional<Duration> patience;
    if (deadline != kNever) patience = std::max(Duration{0}, deadline - cast_->stage->clock->now());
    co_await question.wait(patience);
  }
  const auto turn = question.take();
  guard.stays = turn && turn->yours;
  co_return guard.stays;
}

void ThreadDesk::leave_line(std::uint64_t ticket, bool served) {
  const auto turn = turns_.find(ticket);
  if (turn == turns_.end()) return;
  const Place place{std::move(turn->second), ticket};
  turns_.erase(turn);
  leave(place, served);
}

void ThreadDesk::leave(const Place& place, bool served) {
  if (const auto* line = place.line->door.handle()) tell(port(), *line, Leave{place.ticket, served});
}

void ThreadDesk::step_aside(std::uint64_t ticket) {
  const auto turn = turns_.find(ticket);
  const auto* line = turn == turns_.end() ? nullptr : turn->second->door.handle();
  if (line) tell(port(), *line, StepAside{ticket});
}

}  // namespace troupe::actors
