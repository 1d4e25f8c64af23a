#include "cluster/money/book.hpp"

#include <tuple>

namespace troupe::money {
namespace {

constexpr Duration kLive =
    std::chrono::seconds(4);  // after its last word a holder's free money is not counted on
constexpr Duration kUse =
    std::chrono::milliseconds(300);  // what a waiting call was given is not called back before it is taken

constexpr double kWhole = 10'000;  // a budget, in the unit of its alerts

/// What calls under way have reserved: most of it comes back when they end.
Picos reserved_of(const StatementLine& line) {
  const auto unmarked = std::max<Picos>(0, line.granted_seen - line.released - line.mark);
  const auto ready = std::max<Picos>(0, line.free - unmarked);
  return std::max<Picos>(0, line.mark - line.spent - line.doubt - ready);
}

}  // namespace

Book::Book(Record taken_over, const Epoch& epoch) : record_(std::move(taken_over)) {
  record_.stamp = {epoch, 0};
  for (const auto& [holder, share] : record_.shares) pending_.push_back({1, holder, share.granted});
}

void Book::configure(const std::optional<Budget>& budget, Time now) {
  budget_ = budget;
  reach();
  if (!budget || (record_.cap == budget->cap && record_.until == budget->until)) return;
  record_.cap = budget->cap;
  record_.until = budget->until;
  dirty_ = true;
  give(now);
}

Picos Book::used() const {
  Picos sum = beside_;
  for (const auto& [who, share] : record_.shares) sum += share.spent + share.doubt;
  return sum;
}

/// What is in the record is told by whoever has it on a majority's disks; so it is told, whoever dies.
void Book::reach() {
  if (!budget_ || budget_->past || budget_->cap <= 0) return;
  const auto share = static_cast<double>(used()) / static_cast<double>(budget_->cap) * kWhole;
  for (const auto at : budget_->alerts) {
    if (at <= record_.reached || share < static_cast<double>(at)) continue;
    record_.reached = at;
    dirty_ = true;
  }
}

std::vector<Alarm> Book::due() const {
  std::vector<Alarm> out;
  if (!budget_ || !settled() || dirty_) return out;
  for (const auto at : budget_->alerts)
    if (at > record_.told && at <= record_.reached) out.push_back({*budget_, at, used()});
  return out;
}

void Book::told(std::uint32_t share) {
  if (share <= record_.told) return;
  record_.told = share;
  dirty_ = true;
}

bool Book::live(const Demand& demand, Time now) const {
  return now - demand.heard < kLive;
}

void Book::grant(const Holder& holder, Picos amount) {
  auto& share = record_.of(holder);
  share.granted += amount;
  pending_.push_back({record_.stamp.seq + 1, holder, share.granted});
  dirty_ = true;
}

void Book::hear(const Holder& holder, const StatementLine& line, bool newer, Time now) {
  auto& share = record_.of(holder);
  // Calls cost more than was estimated: that is spent, whatever the cap says.
  if (const auto excess = line.mark + line.released - share.granted; excess > 0) grant(holder, excess);
  if (line.released > share.released || line.doubt > share.doubt) dirty_ = true;
  share.released = std::max(share.released, line.released);
  share.spent = std::max(share.spent, line.spent);
  share.doubt = std::max(share.doubt, line.doubt);
  reach();
  if (!newer) return;
  const auto unseen = std::max<Picos>(0, share.granted - line.granted_seen);
  const auto before = demands_.find(holder);
  const auto served = before == demands_.end() ? cluster::kLongAgo : before->second.served;
  demands_.insert_or_assign(holder, Demand{now,
                                           line.free,
                                           std::max<Picos>(0, line.want - unseen),
                                           std::max<Picos>(0, line.head - unseen),
                                           unseen,
                                           reserved_of(line),
                                           {},
                                           served});
}

void Book::give(Time now) {
  std::vector<std::pair<const Holder*, Demand*>> asking;
  std::int64_t active = 0;
  for (auto& [holder, demand] : demands_) {
    demand.keep.reset();
    if (!live(demand, now)) continue;
    if (demand.want > 0 || demand.free > 0) ++active;
    if (demand.want > 0) asking.emplace_back(&holder, &demand);
  }
  std::stable_sort(asking.begin(), asking.end(), [](const auto& a, const auto& b) {
    const auto need = [](const Demand& demand) {
      return std::tuple(demand.head == 0, demand.head, demand.served);
    };
    return need(*a.second) < need(*b.second);
  });
  for (auto& [holder, demand] : asking) {
    const auto free = pool();
    if (!budget_ || budget_->past || free <= 0) break;
    if (free < demand->head) break;
    const auto gift = std::min({demand->want, free, std::max(demand->head, free / (2 * active))});
    if (gift <= 0) continue;
    grant(*holder, gift);
    if (demand->head > 0 && gift >= demand->head) demand->served = now;
    demand->want -= gift;
    demand->unseen += gift;
    demand->head = std::max<Picos>(0, demand->head - gift);
  }
  call_back(now);
}

/// Whoever waits and lacks least is served next: the others give up half of what they have, and all of it
/// when that is little or when they wait too (what they have is of no use to them).
void Book::call_back(Time now) {
  const std::pair<const Holder, Demand>* next = nullptr;
  for (const auto& entry : demands_) {
    if (!live(entry.second, now) || entry.second.head == 0) continue;
    if (!next || entry.second.head < next->second.head) next = &entry;
  }
  if (!next) return;
  for (auto& [holder, demand] : demands_) {
    if (holder == next->first || demand.free <= 0 || !live(demand, now)) continue;
    if (now - demand.served < kUse) continue;
    demand.keep = demand.head > 0 || demand.free <= 2 * next->second.head ? 0 : demand.free / 2;
    news_.insert(holder);
  }
}

void Book::stamp() {
  ++record_.stamp.seq;
  dirty_ = false;
}

void Book::committed(std::uint64_t number) {
  committed_ = std::max(committed_, number);
  for (; !pending_.empty() && pending_.front().number <= committed_; pending_.pop_front()) {
    const auto& grant = pending_.front();
    auto& confirmed = confirmed_[grant.holder];
    confirmed = std::max(confirmed, grant.granted);
    news_.insert(grant.holder);
  }
}

AllotmentLine Book::line_for(const Holder& holder, Time now) const {
  AllotmentLine line{record_.id, 0, false, 0, std::max<Picos>(0, pool()), record_.cap, 0, 0, 0, 0, beside_};
  if (const auto found = confirmed_.find(holder); found != confirmed_.end()) line.granted = found->second;
  std::map<NodeName, int> present;
  for (const auto& [who, demand] : demands_) {
    if (!live(demand, now)) continue;
    ++present[who.node];
    if (who == holder) {
      line.recall = demand.keep.has_value();
      line.keep = demand.keep.value_or(0);
    } else {
      line.left += std::max<Picos>(0, demand.free) + demand.unseen + demand.reserved;
    }
  }
  for (const auto& [who, share] : record_.shares) {
    if (who == holder) line.left += std::max<Picos>(0, share.granted - line.granted);  // on its way
    line.spent += share.spent;
    line.doubt += share.doubt;
    line.held += share.held();
    const auto demand = demands_.find(who);
    const bool here = demand != demands_.end() && live(demand->second, now);
    if (!here && present.count(who.node)) line.lost += share.held() - share.spent - share.doubt;
  }
  return line;
}

}  // namespace troupe::money
