// Addresses that are dialled without a name: whoever answers there with a good certificate will do.
#include <algorithm>
#include <utility>

#include "cluster/link/hub.hpp"
#include "core/log.hpp"
#include "core/utf8.hpp"

namespace troupe::link {

using boost::asio::ip::tcp;

namespace {
constexpr Duration kSayAgain = std::chrono::minutes(5);
}

void Complaint::say(std::string_view peer, std::string_view address, const std::string& reason, Time now) {
  if (reason == said_ && now < again_) return;
  said_ = reason;
  again_ = now + kSayAgain;
  log::warn("link_failed").text("peer", peer).text("address", address).text("reason", reason);
}

void Hub::set_seeds(const std::vector<std::string>& addresses) {
  if (stopped_) return;
  for (const auto& address : addresses) {
    seeds_.emplace_back(io_, settings_.limits);
    seeds_.back().address = address;
  }
  dial_seeds(clock_.now());
}

/// Only while nobody is there at all: whoever is found tells of the others.
void Hub::dial_seeds(Time now) {
  const bool alone =
      std::none_of(peers_.begin(), peers_.end(), [](const auto& entry) { return entry.second.standing; });
  for (auto& seed : seeds_) {
    if (seed.dial->running() && now >= seed.dial_due) {
      seed.dial->cancel();
      failed(seed, "no connection in time");
    }
    if (!alone || seed.dial->running() || seed.opening || now < seed.dial_at) continue;
    seed.dial_due = now + settings_.limits.connect;
    seed.dial->start(seed.address,
                     [self = shared_from_this(), &seed](const std::string& why, tcp::socket socket) {
                       if (self->stopped_) return;
                       if (!why.empty()) return self->failed(seed, "cannot connect: " + why);
                       seed.opening = self->hold(std::move(socket), {}, true);
                       seed.opening->start();
                     });
  }
}

void Hub::failed(Seed& seed, const std::string& why) {
  const auto now = clock_.now();
  seed.dial_at = now + seed.backoff.next(random_);
  seed.complaint.say("", seed.address, repair_utf8(why), now);
}

/// The seed's connection has become a peer's, or has ended (`why`).
bool Hub::let_go_seed(const Connection& connection, const std::string& why) {
  for (auto& seed : seeds_) {
    if (seed.opening.get() != &connection) continue;
    seed.opening = nullptr;
    why.empty() ? seed.backoff.reset() : failed(seed, why);
    return true;
  }
  return false;
}

}  // namespace troupe::link
