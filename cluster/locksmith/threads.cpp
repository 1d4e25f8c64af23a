#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "cluster/keyring/json.hpp"
#include "cluster/locksmith/the_locksmith.hpp"
#include "core/log.hpp"

namespace troupe::locksmith {
namespace {

constexpr auto kTick = std::chrono::milliseconds(25);
constexpr auto kLook = std::chrono::milliseconds(100);  // at a shared store
constexpr auto kRetry = std::chrono::seconds(1);        // of a disk that refuses
constexpr std::size_t kJobs = 1000;                     // changes that wait for the store

nlohmann::json refusal(const Error& error) {
  const int status = error.code == "conflict" ? 409 : traits(error.fault).status;
  // What the store refuses may pass in a moment.
  return {{"ok", false},
          {"status", error.fault == Fault::troupe_internal ? 503 : status},
          {"error", error.message}};
}

keyring::Settings settings_of(const LocksmithOptions& options) {
  keyring::Settings out;
  out.me = options.node;
  return out;
}

}  // namespace

TheLocksmith::TheLocksmith(LocksmithOptions options, std::unique_ptr<keystore::Store> store,
                           const std::vector<keyring::Record>& stored)
    : options_(std::move(options)),
      store_(std::move(store)),
      began_(options_.clock->now()),
      ring_(settings_of(options_), stored, began_, options_.seed),
      told_at_(began_ - kPause),
      retry_at_(began_) {
  look_whether_known();
  clerk_ = std::thread([this] { run_clerk(); });
  herald_ = std::thread([this] { run_herald(); });
}

keyring::Millis TheLocksmith::wall() const {
  const auto since = options_.clock->wall().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void TheLocksmith::change(const char* what, Draw draw, Done done) {
  std::unique_lock lock(mutex_);
  if (stopping_ || jobs_.size() >= kJobs) {
    lock.unlock();
    return done(
        {{"ok", false}, {"status", 503}, {"error", "too many changes wait for the store: try again"}});
  }
  jobs_.push_back({what, std::move(draw), std::move(done), {}, {}});
  for_clerk_.notify_one();
}

void TheLocksmith::run_clerk() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Duration pause = store_->shared() ? kLook : kRetry;
    for_clerk_.wait_for(lock, pause, [this] { return stopping_ || !jobs_.empty(); });
    while (!jobs_.empty() && !stopping_) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      perform(job);
      lock.lock();
    }
    lock.unlock();
    look_at_store();
    lock.lock();
  }
}

void TheLocksmith::perform(Job& job) {
  if (!job.draw) return write_down(job);
  std::unique_lock lock(mutex_);
  auto drawn = job.draw();
  lock.unlock();
  if (!drawn) return job.done(refusal(drawn.error()));
  const auto saved = store_->save({drawn->record});
  note_trouble(saved ? "" : saved.error().message);
  if (!saved) return job.done(refusal(saved.error()));
  settle(job.what, *std::move(drawn), std::move(job.done));
}

/// It is stored: now it counts, and the others are told.
void TheLocksmith::settle(const char* what, Drawn drawn, Done done) {
  const auto& record = drawn.record;
  log::info("virtual_key")
      .text("what", what)
      .text("id", record.id)
      .text("tenant", record.tenant)
      .text("name", record.name);
  nlohmann::json answer{{"ok", true}, {"key", keyring::shown(record, wall())}};
  if (!drawn.secret.empty()) answer["secret"] = drawn.secret;
  const std::lock_guard lock(mutex_);
  auto peers = others();
  act(ring_.tell({record}, peers, now()));
  pending_.push_back(
      {record.id, generation_, std::move(peers), now() + kPatience, std::move(answer), std::move(done)});
  for_herald_.notify_one();
}

/// What other nodes told. A shared store has it from whoever made the change.
void TheLocksmith::write_down(Job& job) {
  if (!store_->shared()) {
    const auto saved = store_->save(job.records);
    note_trouble(saved ? "" : saved.error().message);
    const std::lock_guard lock(mutex_);
    if (!saved)
      for (auto& record : job.records) unsaved_[record.id] = std::move(record);
    if (!unsaved_.empty()) return;  // no receipt for what a restart would forget
  }
  const std::lock_guard lock(mutex_);
  for (auto& out : job.once_stored) receipts_.push_back({generation_, std::move(out)});
  for_herald_.notify_one();
}

void TheLocksmith::look_at_store() {
  if (store_->shared()) {
    const auto news = store_->look(now());
    note_trouble(news ? "" : news.error().message);
    if (!news) return;
    const std::lock_guard lock(mutex_);
    read_ = true;
    if (!news->empty()) act(ring_.learn(*news));
    return;
  }
  std::unique_lock lock(mutex_);
  if (unsaved_.empty() || now() < retry_at_) return;
  retry_at_ = now() + kRetry;
  std::vector<keyring::Record> again;
  for (const auto& [id, record] : unsaved_) again.push_back(record);
  lock.unlock();
  const auto saved = store_->save(again);
  note_trouble(saved ? "" : saved.error().message);
  if (!saved) return;
  lock.lock();
  for (const auto& record : again)
    if (unsaved_[record.id] == record) unsaved_.erase(record.id);
}

void TheLocksmith::note_trouble(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (what == trouble_) return;
  trouble_ = what;
  if (what.empty())
    log::info("keystore_works_again");
  else
    log::error("keystore").text("message", what);
}

void TheLocksmith::act(keyring::Step step) {
  if (!step.changed.empty()) touch();
  if (send_)
    for (const auto& out : step.send) send_(out.to, out.message);
}

void TheLocksmith::touch() {
  ++generation_;
  for_herald_.notify_one();
}

void TheLocksmith::heard(const std::string& from, const keyring::Message& message) {
  const std::lock_guard lock(mutex_);
  auto step = ring_.hear(from, message, now());
  Job job;
  job.records = step.changed;
  job.once_stored = std::exchange(step.once_stored, {});
  act(std::move(step));
  if (!job.once_stored.empty() && jobs_.size() < kJobs) {
    jobs_.push_back(std::move(job));
    for_clerk_.notify_one();
  } else {
    for (auto& record : job.records) unsaved_[record.id] = std::move(record);
  }
}

void TheLocksmith::connect(Send send, Others others) {
  const std::lock_guard lock(mutex_);
  send_ = std::move(send);
  others_ = std::move(others);
}

void TheLocksmith::in_force(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  in_force_ = std::max(in_force_, generation);
  for_herald_.notify_one();
}

std::shared_ptr<const Keys> TheLocksmith::keys() const {
  const std::lock_guard lock(mutex_);
  if (!keys_ || keys_->generation != generation_) {
    auto keys = std::make_shared<Keys>();
    keys->generation = generation_;
    for (const auto& [id, record] : ring_.records()) keys->records.push_back(record);
    keys->known = known_;
    keys_ = std::move(keys);
  }
  return keys_;
}

void TheLocksmith::run_herald() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    tick();
    if (due_generation()) {
      told_ = generation_;
      told_at_ = now();
      lock.unlock();
      if (options_.on_keys) options_.on_keys(keys());
      lock.lock();
      if (!options_.on_keys) in_force_ = told_;
      continue;
    }
    lock.unlock();
    finish_those_due();
    lock.lock();
    const auto seen = std::tuple(generation_, in_force_, receipts_.size());
    for_herald_.wait_for(lock, kTick, [&] {
      return stopping_ || seen != std::tuple(generation_, in_force_, receipts_.size());
    });
  }
}

/// What is to be put in force now, if anything.
std::optional<std::uint64_t> TheLocksmith::due_generation() const {
  if (told_ == generation_ || now() < told_at_ + kPause) return std::nullopt;
  return generation_;
}

void TheLocksmith::tick() {
  look_whether_known();
  act(ring_.tick(others(), now()));
  send_receipts();
}

void TheLocksmith::look_whether_known() {
  const bool read = store_->shared() ? read_ || ring_.compared()
                                     : options_.alone || ring_.compared() || now() >= began_ + kLonely;
  if (known_ || !read) return;
  known_ = true;
  touch();
}

void TheLocksmith::send_receipts() {
  std::erase_if(receipts_, [this](const Receipt& receipt) {
    if (receipt.generation > in_force_) return false;
    if (send_) send_(receipt.out.to, receipt.out.message);
    return true;
  });
}

/// Told without the lock: whoever waits may ask back.
void TheLocksmith::finish_those_due() {
  std::vector<Pending> ended;
  {
    const std::lock_guard lock(mutex_);
    for (auto& one : pending_) {
      auto known = nlohmann::json::array(), missing = nlohmann::json::array();
      (in_force_ >= one.generation ? known : missing).push_back(options_.node);
      for (const auto& peer : one.peers) (ring_.noted(peer, one.id) ? known : missing).push_back(peer);
      if (!missing.empty() && now() < one.until) continue;
      one.answer["known_by"] = std::move(known);
      one.answer["missing"] = std::move(missing);
      ended.push_back(std::move(one));
      one.done = nullptr;
    }
    std::erase_if(pending_, [](const Pending& one) { return !one.done; });
  }
  for (auto& one : ended) one.done(std::move(one.answer));
}

void TheLocksmith::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    send_ = nullptr;
    others_ = nullptr;
  }
  for_clerk_.notify_all();
  for_herald_.notify_all();
  clerk_.join();
  herald_.join();
}

}  // namespace troupe::locksmith
