#include "gateway/admin/metrics.hpp"

#include <algorithm>
#include <utility>

#include "gateway/admin/access_log.hpp"

namespace troupe::admin {
namespace {

bool status_matches(std::string_view wanted, int status) {
  if (wanted.size() == 3 && wanted.ends_with("xx")) return wanted[0] - '0' == status / 100;
  return wanted == std::to_string(status);
}

bool matches(const RecordFilter& filter, const RequestRecord& record) {
  if (!filter.model.empty() && filter.model != record.model) return false;
  if (!filter.tenant.empty() && filter.tenant != record.tenant) return false;
  if (!filter.fault.empty() && !(record.fault && name(*record.fault).starts_with(filter.fault))) return false;
  return filter.status.empty() || status_matches(filter.status, record.status);
}

/// Readings of running threads: an end may be seen before its beginning.
std::uint64_t less(std::uint64_t begun, std::uint64_t ended) {
  return begun > ended ? begun - ended : 0;
}

bool newer(const SharedRecord& a, const SharedRecord& b) {
  return a->started != b->started ? a->started > b->started : a->id > b->id;
}

}  // namespace

class Telemetry::Thread final : public Observer {
 public:
  Thread(Telemetry& all, Shard& shard, Ring& ring) : all_(all), shard_(shard), ring_(ring) {}

  void request_started() override { shard_.started.add(); }
  void request_finished(RequestRecord record) override {
    shard_.count(record, *all_.known_.load(std::memory_order_acquire));
    if (all_.options_.access_log) log_request(record);
    ring_.put(std::make_shared<const RequestRecord>(std::move(record)));
  }
  void probed(const RequestRecord& record) override {
    shard_.count_probe(record, *all_.known_.load(std::memory_order_acquire));
  }
  void classified(std::string_view how) override { shard_.classified.at({how}).add(); }
  void stream_opened() override { shard_.streams_opened.add(); }
  void stream_closed() override { shard_.streams_closed.add(); }
  void connection_opened() override { shard_.connections_opened.add(); }
  void connection_closed() override { shard_.connections_closed.add(); }

 private:
  Telemetry& all_;
  Shard& shard_;
  Ring& ring_;
};

Telemetry::Telemetry(TelemetryOptions options) : options_(std::move(options)) {
  if (!options_.clock) options_.clock = &real_clock();
  started_ = options_.clock->wall();
  vocabularies_.push_back(std::make_unique<Vocabulary>());
  known_ = vocabularies_.back().get();
  for (std::size_t i = 0; i < std::max<std::size_t>(options_.threads, 1); ++i) {
    shards_.push_back(std::make_unique<Shard>());
    rings_.push_back(std::make_unique<Ring>(options_.ring));
    observers_.push_back(std::make_unique<Thread>(*this, *shards_.back(), *rings_.back()));
  }
}

Telemetry::~Telemetry() = default;

Observer& Telemetry::observer(std::size_t thread) {
  return *observers_.at(thread);
}

void Telemetry::know(const config::Config& config) {
  const std::lock_guard lock(learning_);
  vocabularies_.push_back(std::make_unique<Vocabulary>(config));
  known_.store(vocabularies_.back().get(), std::memory_order_release);
}

Totals Telemetry::totals() const {
  Totals sum;
  for (const auto& shard : shards_) shard->add_to(sum);
  sum.inflight = less(sum.started, sum.finished);
  sum.streams = less(sum.streams_opened, sum.streams_closed);
  sum.connections = less(sum.connections_opened, sum.connections_closed);
  return sum;
}

std::vector<SharedRecord> Telemetry::recent(const RecordFilter& filter) const {
  std::vector<SharedRecord> found;
  for (const auto& ring : rings_) ring->copy_to(found);
  std::erase_if(found, [&](const SharedRecord& record) { return !matches(filter, *record); });
  std::sort(found.begin(), found.end(), newer);
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

SharedRecord Telemetry::find(std::string_view id) const {
  std::vector<SharedRecord> all;
  for (const auto& ring : rings_) ring->copy_to(all);
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& record) { return record->id == id; });
  return at == all.end() ? nullptr : *at;
}

}  // namespace troupe::admin
