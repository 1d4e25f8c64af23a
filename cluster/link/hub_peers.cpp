// The hub's peers: dialling, greeting, rivalry, ups and downs.
#include <algorithm>
#include <set>
#include <utility>

#include "cluster/link/hub.hpp"
#include "cluster/link/rivals.hpp"
#include "core/log.hpp"
#include "core/utf8.hpp"

namespace troupe::link {

using boost::asio::ip::tcp;

Peer& Hub::peer(const std::string& name) {
  const auto it = peers_.find(name);
  if (it != peers_.end()) return it->second;
  auto& made = peers_.try_emplace(name, io_, settings_.limits).first->second;
  made.stats.name = name;
  board_.enlist(name);
  return made;
}

void Hub::forget(const std::string& name) {
  auto found = peers_.find(name);
  found->second.dial->cancel();
  const auto opening = std::exchange(found->second.opening, nullptr);
  board_.strike(name);
  peers_.erase(found);
  if (opening) opening->part(Parting::stopping);
}

void Hub::set_peers(const std::vector<Endpoint>& endpoints) {
  if (stopped_) return;
  std::set<std::string> listed;
  for (const auto& endpoint : endpoints) {
    if (endpoint.name == settings_.node || endpoint.name.empty()) continue;
    listed.insert(endpoint.name);
    auto& p = peer(endpoint.name);
    if (p.listed && p.stats.address == endpoint.address) continue;
    p.listed = true;
    p.stats.address = endpoint.address;
    p.dial->cancel();
    p.backoff.reset();
    p.dial_at = clock_.now();
  }
  std::vector<std::string> gone;
  for (const auto& [name, p] : peers_) {
    if (!listed.contains(name)) gone.push_back(name);
  }
  for (const auto& name : gone) unlist(name);
  dial_those_due(clock_.now());
}

void Hub::unlist(const std::string& name) {
  auto& p = peer(name);
  p.listed = false;
  const auto standing = p.standing;
  if (!standing) return forget(name);
  if (may_join(name)) return;
  standing->part(Parting::stopping);
  down(p, "no longer a peer");
}

bool Hub::may_join(const std::string& name) const {
  return speaks() && callbacks_.may_join && callbacks_.may_join(name);
}

void Hub::dial_those_due(Time now) {
  for (auto& [name, p] : peers_) {
    if (p.dial->running()) {
      if (now < p.dial_due) continue;
      p.dial->cancel();
      failed(p, "no connection within " + std::to_string(ceil_seconds(settings_.limits.connect)) + " s");
    }
    const bool wanted = p.listed && !p.stats.address.empty() && !p.standing && !p.opening;
    if (wanted && now >= p.dial_at) dial(p, now);
  }
}

void Hub::dial(Peer& p, Time now) {
  p.dial_due = now + settings_.limits.connect;
  p.dial->start(p.stats.address,
                [self = shared_from_this(), name = p.stats.name](const std::string& why, tcp::socket socket) {
                  self->dialled(name, why, std::move(socket));
                });
}

void Hub::dialled(const std::string& name, const std::string& why, tcp::socket socket) {
  const auto it = peers_.find(name);
  if (it == peers_.end() || stopped_) return;
  if (!why.empty()) return failed(it->second, "cannot connect: " + why);
  it->second.opening = hold(std::move(socket), name, true);
  it->second.opening->start();
}

void Hub::failed(Peer& p, const std::string& why) {
  p.stats.last_error = repair_utf8(why);
  p.dial_at = clock_.now() + p.backoff.next(random_);
  p.complaint.say(p.stats.name, p.stats.address, p.stats.last_error, clock_.now());
}

void Hub::refuse(Connection& from, Parting why) {
  if (why != Parting::duplicate && !from.dialled()) {
    ++refused_.count;
    refused_.last =
        repair_utf8(from.hello().node) + ": " + std::string(words(why)) + "; " + std::string(next_step(why));
  }
  from.part(why);
}

void Hub::greeted(Connection& from) {
  if (stopped_) return from.part(Parting::stopping);
  let_go_seed(from, {});
  const auto& name = from.hello().node;
  if (name == settings_.node) return refuse(from, Parting::self);
  const auto known = peers_.find(name);
  const bool listed = known != peers_.end() && known->second.listed;
  if (!listed && !may_join(name)) return refuse(from, Parting::unknown);
  auto& p = peer(name);
  if (p.standing) return contend(p, from);
  stand(p, from);
  up(p, from);
}

void Hub::contend(Peer& p, Connection& newcomer) {
  const auto standing = p.standing;
  const bool quiet = standing->pulse() == nullptr || standing->pulse()->quiet(clock_.now());
  switch (judge(settings_.node, p.stats.name, standing->side(), newcomer.side(), quiet)) {
    case Verdict::keep:
      if (p.opening.get() == &newcomer) p.opening = nullptr;
      return refuse(newcomer, Parting::duplicate);
    case Verdict::move:
      count(*standing);
      stand(p, newcomer);
      return standing->part(Parting::duplicate);
    case Verdict::replace:
      p.standing = nullptr;
      count(*standing);
      standing->end("a new connection replaced it");
      down(p, "a new connection replaced it");
      if (stopped_) return newcomer.part(Parting::stopping);
      // The owner may have done anything in on_down: the newcomer is looked at afresh.
      return greeted(newcomer);
    case Verdict::name_taken:
      log::error("link_name_taken").text("peer", p.stats.name);
      return refuse(newcomer, Parting::name_taken);
    case Verdict::stale:
      return refuse(newcomer, Parting::stale);
  }
}

void Hub::stand(Peer& p, Connection& connection) {
  if (p.opening.get() == &connection) p.opening = nullptr;
  p.standing = connection.shared_from_this();
  const auto& hello = connection.hello();
  if (p.nonce != 0 && p.nonce != hello.nonce) board_.clear(p.stats.name);
  if (p.nonce != hello.nonce) p.clock = {};
  p.nonce = hello.nonce;
  p.stats.incarnation = hello.incarnation;
  if (!p.listed) p.stats.address = repair_utf8(hello.address);
  connection.admit();
}

void Hub::up(Peer& p, Connection& connection) {
  ++p.stats.times_up;
  p.stats.last_error.clear();
  p.complaint.withdraw();
  const auto name = p.stats.name;
  log::info("link_up").text("peer", name).flag("dialled", connection.dialled());
  const auto hello = connection.hello();
  if (callbacks_.on_up && speaks()) callbacks_.on_up(name, hello);
}

void Hub::down(Peer& p, const std::string& why) {
  p.standing = nullptr;
  failed(p, why);
  const auto name = p.stats.name, reason = p.stats.last_error;
  if (!p.listed) forget(name);
  log::warn("link_down").text("peer", name).text("reason", reason);
  if (callbacks_.on_down && speaks()) callbacks_.on_down(name, reason);
}

void Hub::count(Connection& connection) {
  const auto it = peers_.find(connection.peer());
  if (it == peers_.end()) return;
  const auto traffic = connection.take_traffic();
  auto& stats = it->second.stats;
  stats.bytes_in += traffic.bytes_in;
  stats.bytes_out += traffic.bytes_out;
  stats.frames_in += traffic.frames_in;
  stats.frames_out += traffic.frames_out;
}

void Hub::ended(Connection& which, const std::string& why) {
  const auto held = which.shared_from_this();
  connections_.remove(held);
  count(which);
  const auto it = peers_.find(which.peer());
  if (it != peers_.end() && it->second.standing == held) return down(it->second, why);
  if (it != peers_.end() && it->second.opening == held) {
    it->second.opening = nullptr;
    return failed(it->second, why);
  }
  if (let_go_seed(which, why) || which.dialled() || which.hello().nonce != 0) return;
  ++refused_.count;
  refused_.last = repair_utf8(why);
}

}  // namespace troupe::link
