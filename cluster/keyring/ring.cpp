#include "cluster/keyring/ring.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/hash.hpp"

namespace troupe::keyring {

Ring::Ring(Settings settings, const std::vector<Record>& stored, Time now, std::uint64_t seed)
    : settings_(std::move(settings)), random_(seed), round_at_(now) {
  for (const auto& record : stored) take(record);
}

std::size_t Ring::heap_of(const std::string& id) {
  return fnv1a(id) % kHeaps;
}

/// True when it says something new.
bool Ring::take(const Record& record) {
  const auto found = records_.find(record.id);
  std::uint64_t before = 0, after = 0;
  if (found == records_.end()) {
    if (full()) return false;
    records_.emplace(record.id, record);
    after = version(record);
  } else {
    auto joined = join(found->second, record);
    before = version(found->second);
    after = version(joined);
    if (before == after) return false;
    found->second = std::move(joined);
  }
  sums_[heap_of(record.id)] ^= before ^ after;
  whole_ ^= before ^ after;
  return true;
}

Step Ring::tell(const std::vector<Record>& records, const std::vector<std::string>& peers, Time now) {
  auto step = learn(records);
  std::vector<std::string> ids;
  for (const auto& record : records) ids.push_back(record.id);
  for (const auto& peer : peers) {
    for (const auto& id : ids) open_[peer][id] = {now + settings_.again, 1};
    send_news(peer, ids, step);
  }
  return step;
}

Step Ring::learn(const std::vector<Record>& records) {
  Step step;
  for (const auto& record : records)
    if (acceptable(record) && take(record)) step.changed.push_back(records_.at(record.id));
  return step;
}

Step Ring::hear(const std::string& from, const Message& message, Time) {
  Step step;
  std::visit([&](const auto& one) { hear(from, one, step); }, message);
  return step;
}

void Ring::hear(const std::string& from, const Digest& digest, Step& step) {
  if (digest.whole != whole_) return step.send.push_back({from, Sums{sums_}});
  compared_ = true;
  if (!digest.back) step.send.push_back({from, Digest{whole_, true}});
}

void Ring::hear(const std::string& from, const Sums& sums, Step& step) {
  if (sums.heaps.size() != kHeaps) return;
  Lines out;
  std::set<std::size_t> differ;
  // From a random heap on, so that a pair that never finishes a round still gets everywhere.
  const auto first = random_.below(kHeaps);
  for (std::size_t i = 0; i < kHeaps && differ.size() < kHeapsAtOnce; ++i)
    if (const auto heap = (first + i) % kHeaps; sums.heaps[heap] != sums_[heap]) differ.insert(heap);
  if (differ.empty()) return step.send.push_back({from, Digest{whole_, false}});
  for (const auto heap : differ) out.heaps.push_back(static_cast<std::uint32_t>(heap));
  for (const auto& [id, record] : records_)
    if (differ.contains(heap_of(id))) out.lines.push_back({id, version(record)});
  step.send.push_back({from, std::move(out)});
}

/// What they lack goes to them, what I lack is asked for; where both know something, both send.
void Ring::hear(const std::string& from, const Lines& lines, Step& step) {
  const std::set<std::size_t> heaps(lines.heaps.begin(), lines.heaps.end());
  std::map<std::string, std::uint64_t> theirs;
  for (const auto& line : lines.lines) theirs.emplace(line.id, line.version);
  std::vector<std::string> send;
  Want want;
  for (const auto& [id, record] : records_) {
    if (!heaps.contains(heap_of(id))) continue;
    const auto found = theirs.find(id);
    if (found == theirs.end() || found->second != version(record)) send.push_back(id);
  }
  for (const auto& [id, theirs_version] : theirs) {
    const auto* mine = find(id);
    if (mine == nullptr ? !full() : version(*mine) != theirs_version) want.ids.push_back(id);
  }
  send_news(from, send, step);
  if (!want.ids.empty()) step.send.push_back({from, std::move(want)});
}

void Ring::hear(const std::string& from, const Want& want, Step& step) {
  std::vector<std::string> known;
  for (const auto& id : want.ids)
    if (find(id) != nullptr) known.push_back(id);
  send_news(from, known, step);
}

void Ring::hear(const std::string& from, const News& news, Step& step) {
  Noted noted;
  std::vector<std::string> behind;
  for (const auto& record : news.records) {
    if (!acceptable(record)) continue;
    if (take(record)) step.changed.push_back(records_.at(record.id));
    const auto* mine = find(record.id);
    if (mine == nullptr) continue;  // full
    noted.lines.push_back({record.id, version(record)});
    if (version(*mine) != version(record)) behind.push_back(record.id);
  }
  if (!noted.lines.empty()) step.once_stored.push_back({from, std::move(noted)});
  send_news(from, behind, step);
  if (!compared_) step.send.push_back({from, Digest{whole_, false}});
}

void Ring::hear(const std::string& from, const Noted& noted, Step&) {
  const auto open = open_.find(from);
  if (open == open_.end()) return;
  for (const auto& line : noted.lines) {
    const auto* mine = find(line.id);
    if (mine != nullptr && version(*mine) == line.version) open->second.erase(line.id);
  }
  if (open->second.empty()) open_.erase(open);
}

void Ring::send_news(const std::string& to, const std::vector<std::string>& ids, Step& step) const {
  for (std::size_t at = 0; at < ids.size(); at += kNews) {
    News news;
    for (auto i = at; i < std::min(ids.size(), at + kNews); ++i) news.records.push_back(records_.at(ids[i]));
    step.send.push_back({to, std::move(news)});
  }
}

void Ring::repeat(Time now, Step& step) {
  for (auto peer = open_.begin(); peer != open_.end();) {
    std::vector<std::string> due;
    for (auto& [id, open] : peer->second) {
      if (open.due > now || open.tries >= settings_.tries) continue;
      open.due = now + settings_.again;
      ++open.tries;
      due.push_back(id);
    }
    send_news(peer->first, due, step);
    std::erase_if(peer->second, [&](const auto& one) {
      return one.second.tries >= settings_.tries && one.second.due <= now;
    });
    peer = peer->second.empty() ? open_.erase(peer) : std::next(peer);
  }
}

/// Who is new is greeted at once; else a few each round.
void Ring::compare(const std::vector<std::string>& peers, Time now, Step& step) {
  for (const auto& peer : peers) {
    if (std::find(met_.begin(), met_.end(), peer) == met_.end())
      step.send.push_back({peer, Digest{whole_, false}});
  }
  met_ = peers;
  if (now < round_at_ || peers.empty()) return;
  round_at_ = now + settings_.round;
  const auto first = random_.below(peers.size());
  for (std::size_t i = 0; i < std::min(settings_.fanout, peers.size()); ++i)
    step.send.push_back({peers[(first + i) % peers.size()], Digest{whole_, false}});
}

Step Ring::tick(const std::vector<std::string>& peers, Time now) {
  Step step;
  repeat(now, step);
  compare(peers, now, step);
  return step;
}

const Record* Ring::find(const std::string& id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

bool Ring::noted(const std::string& peer, const std::string& id) const {
  const auto open = open_.find(peer);
  return open == open_.end() || !open->second.contains(id);
}

}  // namespace troupe::keyring
