#include "cluster/link/board.hpp"

#include <utility>

#include "cluster/link/frame.hpp"

namespace troupe::link {

using Held = std::lock_guard<std::mutex>;

void Board::enlist(const std::string& peer) {
  const Held held(lock_);
  boxes_.try_emplace(peer, Box{Outbox(limits_)});
}

void Board::strike(const std::string& peer) {
  const Held held(lock_);
  boxes_.erase(peer);
}

void Board::clear(const std::string& peer) {
  const Held held(lock_);
  if (const auto it = boxes_.find(peer); it != boxes_.end()) it->second.outbox.clear();
}

Board::Posted Board::post(std::string_view peer, Slot slot, std::string payload) {
  const Held held(lock_);
  const auto it = boxes_.find(peer);
  if (it == boxes_.end() || payload.size() > kPayloadMax) return Posted::refused;
  return put(it->second, slot, std::move(payload));
}

Board::Posted Board::offer(std::string_view peer, std::string payload) {
  const Held held(lock_);
  const auto it = boxes_.find(peer);
  if (it == boxes_.end() || payload.size() > kPayloadMax) return Posted::refused;
  if (!it->second.outbox.roomy(payload.size())) return Posted::refused;
  return put(it->second, kQueue, std::move(payload));
}

Board::Posted Board::put(Box& box, Slot slot, std::string payload) {
  if (!box.outbox.push(slot, std::move(payload))) return Posted::refused;
  box.fresh = true;
  return std::exchange(woken_, true) ? Posted::kept : Posted::wake;
}

std::vector<std::string> Board::fresh() {
  const Held held(lock_);
  woken_ = false;
  std::vector<std::string> out;
  for (auto& [name, box] : boxes_) {
    if (std::exchange(box.fresh, false)) out.push_back(name);
  }
  return out;
}

std::size_t Board::take(const std::string& peer, std::string& batch, std::size_t enough) {
  const Held held(lock_);
  const auto it = boxes_.find(peer);
  if (it == boxes_.end()) return 0;
  std::size_t frames = 0;
  while (batch.size() < enough) {
    const auto payload = it->second.outbox.pop();
    if (!payload) break;
    append(batch, Data{*payload});
    ++frames;
  }
  return frames;
}

void Board::publish(std::vector<PeerStats> peers, RefusedStats refused) {
  const Held held(lock_);
  published_ = std::move(peers);
  refused_ = std::move(refused);
}

std::vector<PeerStats> Board::peers() const {
  const Held held(lock_);
  auto out = published_;
  for (auto& peer : out) {
    const auto it = boxes_.find(peer.name);
    if (it == boxes_.end()) continue;
    peer.queued = it->second.outbox.size();
    peer.queued_bytes = it->second.outbox.bytes();
    peer.dropped = it->second.outbox.dropped();
  }
  return out;
}

RefusedStats Board::refused() const {
  const Held held(lock_);
  return refused_;
}

}  // namespace troupe::link
