#include "gateway/batch/office.hpp"

#include <algorithm>
#include <utility>

#include "core/log.hpp"

namespace troupe::batch {
namespace {

constexpr auto kSweep = std::chrono::seconds(60);

Answer no_such(const std::string& kind, const std::string& id) {
  return refusal(404, "No such " + kind + " object: " + id, "id", "not_found");
}

Answer troubled(const Error& error) {
  log::error("batch_disk").text("what", error.message);
  return disk_trouble(error);
}

}  // namespace

Answer disk_trouble(const Error& error) {
  return refusal(
      503,
      error.code == "disk_full"
          ? "The disk of the node that keeps this is full. Delete files, or ask the node's operator."
          : "The disk of the node that keeps this does not take it. Try again, or ask the node's "
            "operator: the node's log says more.",
      {}, "disk");
}

Office::Office(Options options, Store store)
    : options_(std::move(options)),
      store_(std::move(store)),
      random_(options_.seed),
      shop_{store_, *options_.clock, random_, options_.node, 64, {}, options_.call, {}} {
  configure(options_.batches);
  shop_.tally = [figures = options_.figures](Fate fate) {
    if (figures == nullptr) return;
    auto& counter = fate == Fate::good    ? figures->good
                    : fate == Fate::bad   ? figures->bad
                    : fate == Fate::waits ? figures->waits
                                          : figures->again;
    ++counter;
  };
  for (const auto& [id, batch] : store_.batches())
    if (!over(batch.status)) jobs_[id] = std::make_unique<Job>(shop_, id);
  count();
}

void Office::configure(const config::Batches& batches) {
  options_.batches = batches;
  shop_.concurrency = static_cast<std::size_t>(std::max<std::int64_t>(1, batches.concurrency));
  shop_.keep = batches.keep;
}

Second Office::now() const {
  return std::chrono::floor<std::chrono::seconds>(options_.clock->wall().time_since_epoch()).count();
}

std::string Office::name(Kind kind) {
  return make_id(kind, options_.node, options_.clock->wall(), random_.next());
}

void Office::count() {
  if (options_.figures == nullptr) return;
  options_.figures->active = jobs_.size();
  options_.figures->files = store_.files().size();
  options_.figures->running = under_way();
}

const File* Office::file_of(const Question& question) const {
  const auto* file = store_.file(question.id);
  return file && file->owner.tenant == question.owner.tenant ? file : nullptr;
}

const Batch* Office::batch_of(const Question& question) const {
  const auto* batch = store_.batch(question.id);
  return batch && batch->owner.tenant == question.owner.tenant ? batch : nullptr;
}

Batch Office::seen(const Batch& batch) const {
  const auto job = jobs_.find(batch.id);
  return job == jobs_.end() ? batch : job->second->seen();
}

Answer Office::answer(const Question& question) {
  switch (question.what) {
    case What::show_file:
      if (const auto* file = file_of(question)) return answer_of(shown(*file));
      return no_such("File", question.id);
    case What::show_batch:
      if (const auto* batch = batch_of(question)) return answer_of(shown(seen(*batch)));
      return no_such("Batch", question.id);
    case What::list_files:
    case What::list_batches:
      return list(question);
    case What::read_file:
      return read(question);
    case What::delete_file:
      return drop(question);
    case What::make_batch:
      return make(question);
    case What::cancel_batch:
      return cancel(question);
  }
  return refusal(400, "This node does not understand the question.");
}

Answer Office::list(const Question& question) const {
  std::vector<Json> all;
  if (question.what == What::list_files) {
    for (const auto& [id, file] : store_.files())
      if (file.owner.tenant == question.owner.tenant &&
          (question.purpose.empty() || question.purpose == file.purpose))
        all.push_back(shown(file));
  } else {
    for (const auto& [id, batch] : store_.batches())
      if (batch.owner.tenant == question.owner.tenant) all.push_back(shown(seen(batch)));
  }
  auto page = page_of(std::move(all), question.page);
  std::size_t size = 0, count = 0;
  while (count < page.data.size() && size < kPageText) size += page.data[count++].dump().size();
  page.has_more = page.has_more || count < page.data.size();
  page.data.resize(count);
  return answer_of(shown(page));
}

Answer Office::read(const Question& question) const {
  if (file_of(question) == nullptr) return no_such("File", question.id);
  const auto file = DiskFile::open(store_.data(question.id), DiskFile::For::reading);
  if (!file) return troubled(file.error());
  auto part = file->read(question.offset, kPart);
  if (!part) return troubled(part.error());
  return {200, std::move(*part)};
}

bool Office::in_use(const std::string& file) const {
  return std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& job) {
    const auto* batch = store_.batch(job.first);
    return batch &&
           (batch->input_file_id == file || batch->output_file_id == file || batch->error_file_id == file);
  });
}

Answer Office::drop(const Question& question) {
  if (file_of(question) == nullptr) return no_such("File", question.id);
  if (in_use(question.id))
    return refusal(400, "A batch that is not over needs this file. Cancel the batch first.", "id",
                   "file_in_use");
  store_.drop_file(question.id);
  count();
  return answer_of({{"id", question.id}, {"object", "file"}, {"deleted", true}});
}

Answer Office::make(const Question& question) {
  const auto* file = file_of(question);
  if (file == nullptr)
    return refusal(400, "No such File object: " + question.id, "input_file_id", "not_found");
  if (file->purpose != "batch")
    return refusal(400, "The input of a batch must be uploaded with purpose=batch.", "input_file_id",
                   "invalid_purpose");
  const auto mine = std::count_if(store_.batches().begin(), store_.batches().end(), [&](const auto& one) {
    return one.second.owner.tenant == question.owner.tenant;
  });
  if (static_cast<std::size_t>(mine) >= kMostBatches)
    return refusal(400,
                   "This tenant has 1000 batches on this node, and no more are kept. The oldest go when "
                   "their time is over (batches.keep).",
                   {}, "too_many_batches");
  Batch batch;
  batch.id = name(Kind::batch);
  batch.owner = question.owner;
  batch.input_file_id = question.id;
  batch.endpoint = question.with.value("endpoint", "");
  batch.completion_window = question.with.value("completion_window", "");
  batch.metadata = question.with.value("metadata", Json());
  batch.created_at = now();
  batch.expires_at = now() + question.with.value("window", std::int64_t{0});
  if (auto kept = store_.put(batch); !kept) return troubled(kept.error());
  jobs_[batch.id] = std::make_unique<Job>(shop_, batch.id);
  count();
  return answer_of(shown(batch));
}

Answer Office::cancel(const Question& question) {
  const auto* batch = batch_of(question);
  if (batch == nullptr) return no_such("Batch", question.id);
  const auto job = jobs_.find(question.id);
  if (job == jobs_.end() || batch->status == Status::finalizing)
    return refusal(409,
                   "Cannot cancel a batch with status '" + std::string(batch::name(batch->status)) + "'.", {},
                   "invalid_status");
  job->second->cancel();
  return answer_of(shown(job->second->seen()));
}

void Office::answered(const std::string& batch, std::size_t line, const LineAnswer& answer) {
  const auto job = jobs_.find(batch);
  if (job != jobs_.end()) job->second->answered(line, answer);
}

bool Office::work() {
  bool more = false;
  std::vector<std::string> ended;
  for (auto& [id, job] : jobs_) {
    more = job->step() || more;
    if (job->over()) ended.push_back(id);
  }
  for (const auto& id : ended) {
    const auto* batch = store_.batch(id);
    if (batch)
      log::info("batch_over")
          .text("batch", id)
          .text("tenant", batch->owner.tenant)
          .text("status", batch::name(batch->status))
          .number("completed", batch->counts.completed)
          .number("failed", batch->counts.failed);
    jobs_.erase(id);
  }
  while (start_lines()) {
  }
  forget_old();
  count();
  return more;
}

std::size_t Office::under_way() const {
  std::size_t sum = 0;
  for (const auto& [id, job] : jobs_) sum += job->running();
  return sum;
}

/// One line of each batch in turn, beginning behind the one whose turn was last; false when none may start.
bool Office::start_lines() {
  if (draining_) return false;
  auto room = kMostUnderWay - std::min(kMostUnderWay, under_way());
  bool any = false;
  auto at = jobs_.upper_bound(turn_);
  for (std::size_t seen = 0; seen < jobs_.size() && room > 0; ++seen, ++at) {
    if (at == jobs_.end()) at = jobs_.begin();
    if (!at->second->start_line()) continue;
    turn_ = at->first;
    --room;
    any = true;
  }
  return any;
}

/// What was kept long enough goes: once a minute.
void Office::forget_old() {
  if (options_.clock->now() - swept_ < kSweep && swept_ != Time{}) return;
  swept_ = options_.clock->now();
  std::vector<std::string> files, batches;
  for (const auto& [id, file] : store_.files())
    if (file.expires_at <= now() && !in_use(id)) files.push_back(id);
  const auto keep = std::chrono::floor<std::chrono::seconds>(options_.batches.keep).count();
  for (const auto& [id, batch] : store_.batches()) {
    const auto last = std::max(
        {batch.created_at, batch.completed_at, batch.failed_at, batch.expired_at, batch.cancelled_at});
    if (over(batch.status) && !jobs_.contains(id) && last + keep <= now()) batches.push_back(id);
  }
  for (const auto& id : files) store_.drop_file(id);
  for (const auto& id : batches) store_.drop_batch(id);
}

Json Office::view() const {
  auto rows = Json::array();
  for (const auto& [id, batch] : store_.batches()) {
    auto row = shown(seen(batch));
    row["tenant"] = batch.owner.tenant;
    row["key"] = batch.owner.key;
    row.erase("metadata");
    const auto job = jobs_.find(id);
    row["running"] = job == jobs_.end() ? 0 : job->second->running();
    rows.push_back(std::move(row));
  }
  return {{"batches", std::move(rows)}, {"files", store_.files().size()}};
}

}  // namespace troupe::batch
