// The desk's part in active probes: asks the prober which key is due, and that key for a permit.
#include <utility>
#include <variant>

#include "actors/ask.hpp"
#include "actors/tell.hpp"
#include "actors/thread_desk.hpp"

namespace troupe::actors {
namespace {

/// A prompt is some words; one token of answer is enough to know that the key works.
constexpr Tokens kProbeInput{16}, kProbeOutput{1};

}  // namespace

boost::asio::awaitable<std::optional<Probe>> ThreadDesk::next_probe() {
  const auto* prober = cast_->prober.handle();
  if (!prober) co_return std::nullopt;
  Question<ProbeDue> question(port());
  question.send(*prober, NextProbe{});
  if (!question.settled()) co_await question.wait();
  auto due = question.take();
  if (!due || !due->endpoint) co_return std::nullopt;
  const auto key = due->endpoint->key;
  const auto* actor = key->cell->door.handle();
  if (actor) {
    Acquire acquire;
    acquire.endpoint = std::move(due->endpoint);
    acquire.input = kProbeInput;
    acquire.output = kProbeOutput;
    acquire.despite_breaker = true;  // that is what it is for; limits and pauses hold
    Question<RouteAnswer> permit(port());
    permit.send(*actor, std::move(acquire));
    if (!permit.settled()) co_await permit.wait();
    auto answer = permit.take();
    auto* granted = answer ? std::get_if<Granted>(&*answer) : nullptr;
    if (granted) co_return Probe{std::move(*granted), std::move(due->prompt)};
  }
  tell(port(), *prober, ProbeDone{key->id, false, std::nullopt});
  co_return std::nullopt;
}

void ThreadDesk::probed(const Probe& probe, std::optional<Fault> fault, bool tried) {
  if (const auto* prober = cast_->prober.handle())
    tell(port(), *prober, ProbeDone{probe.granted.endpoint->key->id, tried, fault});
}

}  // namespace troupe::actors
