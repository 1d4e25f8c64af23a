#include "gateway/batch/job.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/log.hpp"
#include "gateway/batch/ids.hpp"

namespace troupe::batch {

Second Job::now() const {
  return std::chrono::floor<std::chrono::seconds>(shop_.clock.wall().time_since_epoch()).count();
}

Duration Job::left() const {
  const auto* batch = shop_.store.batch(id_);
  return batch ? std::chrono::seconds(batch->expires_at - now()) : Duration::zero();
}

bool Job::over() const {
  const auto* batch = shop_.store.batch(id_);
  return batch == nullptr || batch::over(batch->status);
}

std::size_t Job::running() const {
  const auto* running = std::get_if<Running>(&phase_);
  return running ? running->run.running() : 0;
}

Batch Job::seen() const {
  auto out = *shop_.store.batch(id_);
  if (counts_.total > 0) out.counts = counts_;
  return out;
}

Result<void> Job::put(Batch batch) {
  if (counts_.total > 0) batch.counts = counts_;
  return shop_.store.put(batch);
}

bool Job::step() {
  if (over() || shop_.clock.now() < repair_at_) return false;
  const auto more = advance();
  if (more) return *more;
  log::error("batch_disk").text("batch", id_).text("what", more.error().message);
  repair_at_ = shop_.clock.now() + kRepair;
  // What was going on begins again; but lines that are under way shall find their place.
  if (!std::holds_alternative<Running>(phase_)) phase_ = std::monostate();
  return false;
}

Result<bool> Job::advance() {
  if (auto* input = std::get_if<Input>(&phase_)) return validate(*input);
  if (auto* reading = std::get_if<Reading>(&phase_)) return read(*reading);
  if (auto* running = std::get_if<Running>(&phase_)) return work(*running);
  if (auto* finishing = std::get_if<Finish>(&phase_)) return finish(*finishing);
  return open();
}

Result<bool> Job::open() {
  auto batch = *shop_.store.batch(id_);
  if (shop_.store.file(batch.input_file_id) == nullptr) {
    batch.errors = {{"file_not_found", "The input file is not there any more.", "input_file_id", 0}};
    batch.become(Status::failed, now());
    if (auto kept = put(std::move(batch)); !kept) return tl::unexpected(kept.error());
    return false;
  }
  const auto path = shop_.store.data(batch.input_file_id);
  auto lines = DiskFile::open(path, DiskFile::For::reading);
  if (!lines) return tl::unexpected(lines.error());
  auto input = DiskFile::open(path, DiskFile::For::reading);
  if (!input) return tl::unexpected(input.error());
  input_ = std::move(*lines);
  phase_.emplace<Input>(std::move(*input), batch.endpoint);
  return true;
}

Result<bool> Job::validate(Input& input) {
  const auto last = input.step();
  if (!last) return tl::unexpected(last.error());
  if (!*last) return true;
  auto batch = *shop_.store.batch(id_);
  const bool fresh = batch.status == Status::validating;
  if (fresh && input.mistakes() > 0) {
    batch.errors = input.errors();
    batch.become(Status::failed, now());
    if (auto kept = put(std::move(batch)); !kept) return tl::unexpected(kept.error());
    phase_ = std::monostate();
    return false;
  }
  lines_ = input.lines();
  counts_ = {static_cast<std::int64_t>(lines_.size()), 0, 0};
  if (fresh) {
    batch.become(Status::in_progress, now());
    if (auto kept = put(std::move(batch)); !kept) return tl::unexpected(kept.error());
  }
  auto journal = DiskFile::open(shop_.store.journal(id_), DiskFile::For::writing);
  if (!journal) return tl::unexpected(journal.error());
  phase_.emplace<Reading>(Reading{std::move(*journal), {}, 0});
  return true;
}

/// What the journal says is finished is not asked again; a torn record is cut off.
Result<bool> Job::read(Reading& reading) {
  const auto piece = reading.journal.read(reading.at, Input::kPiece);
  if (!piece) return tl::unexpected(piece.error());
  reading.reader.feed(*piece);
  reading.at += piece->size();
  if (piece->size() == Input::kPiece) return true;
  const auto length = reading.reader.length();
  if (auto cut = reading.journal.cut(length); !cut) return tl::unexpected(cut.error());
  std::vector<std::size_t> finished;
  auto entries = reading.reader.entries();
  std::erase_if(entries, [&](const Entry& entry) { return entry.line >= lines_.size(); });
  for (const auto& entry : entries) {
    finished.push_back(entry.line);
    ++(entry.good ? counts_.completed : counts_.failed);
  }
  Running running{Run(lines_.size(), finished, shop_.concurrency),
                  std::move(reading.journal),
                  length,
                  std::move(entries),
                  {}};
  phase_.emplace<Running>(std::move(running));
  return true;
}

Result<bool> Job::work(Running& running) {
  if (auto written = write_down(running); !written) return tl::unexpected(written.error());
  if (running.dirty && shop_.clock.now() - *running.dirty >= kSync) {
    if (auto synced = running.journal.sync(); !synced) return tl::unexpected(synced.error());
    running.dirty.reset();
  }
  const bool stopped = shop_.store.batch(id_)->status != Status::in_progress || left() <= Duration::zero();
  if (!running.run.finished() && (!stopped || running.run.running() > 0)) return false;
  if (auto begun = begin_finish(running); !begun) return tl::unexpected(begun.error());
  return true;
}

Result<void> Job::begin_finish(Running& running) {
  if (auto synced = running.journal.sync(); !synced) return synced;
  auto batch = *shop_.store.batch(id_);
  if (batch.status == Status::in_progress) {
    batch.ran_out = !running.run.finished();
    batch.become(Status::finalizing, now());
  }
  const auto name = [&] { return make_id(Kind::file, shop_.node, shop_.clock.wall(), shop_.random.next()); };
  if (batch.output_file_id.empty() && counts_.completed > 0) batch.output_file_id = name();
  if (batch.error_file_id.empty() && (counts_.failed > 0 || batch.ran_out)) batch.error_file_id = name();
  if (auto kept = put(batch); !kept) return kept;
  Finish::Parts parts{std::move(running.journal), std::move(running.entries), {}, {}, lines_.size(), {}};
  for (auto [id, file] :
       {std::pair(&batch.output_file_id, &parts.output), std::pair(&batch.error_file_id, &parts.errors)}) {
    if (id->empty()) continue;
    auto opened = DiskFile::open(shop_.store.data(*id), DiskFile::For::anew);
    if (!opened) {
      phase_ = std::monostate();  // the journal has moved: all is read again
      return tl::unexpected(opened.error());
    }
    *file = std::move(*opened);
  }
  if (batch.ran_out)
    parts.unfinished = [this](std::size_t line) -> Result<std::string> {
      const auto read = line_of(line);
      if (!read) return tl::unexpected(read.error());
      return error_line(line_id(*read_id(id_), line), read->custom_id, "batch_expired",
                        "This request could not be executed before the completion window expired.");
    };
  phase_.emplace<Finish>(std::move(parts));
  return {};
}

Result<bool> Job::finish(Finish& finish) {
  const auto last = finish.step();
  if (!last) return tl::unexpected(last.error());
  if (!*last) return true;
  if (auto kept = keep_outputs(finish); !kept) return tl::unexpected(kept.error());
  phase_ = std::monostate();
  std::error_code ignored;
  std::filesystem::remove(shop_.store.journal(id_), ignored);
  return false;
}

Result<void> Job::keep_outputs(const Finish& finish) {
  auto batch = *shop_.store.batch(id_);
  const auto keep = [&](const std::string& id, const char* end, std::uint64_t bytes) -> Result<void> {
    if (id.empty()) return {};
    File file{id, batch.id + end, "batch_output", batch.owner, static_cast<std::int64_t>(bytes), now(), 0};
    file.expires_at = now() + std::chrono::floor<std::chrono::seconds>(shop_.keep).count();
    return shop_.store.put(file);
  };
  if (auto kept = keep(batch.output_file_id, "_output.jsonl", finish.output_bytes()); !kept) return kept;
  if (auto kept = keep(batch.error_file_id, "_error.jsonl", finish.error_bytes()); !kept) return kept;
  const bool cancelled = batch.status == Status::cancelling;
  batch.become(cancelled ? Status::cancelled : batch.ran_out ? Status::expired : Status::completed, now());
  return put(std::move(batch));
}

Result<Line> Job::line_of(std::size_t line) const {
  const auto span = lines_.at(line);
  const auto text = input_->read(span.offset, span.size);
  if (!text) return tl::unexpected(text.error());
  auto read = read_line(*text, {});
  if (!read) return fail(Fault::troupe_internal, "a line of the input has changed: " + read.error().message);
  return std::move(*read);
}

bool Job::start_line() {
  auto* running = std::get_if<Running>(&phase_);
  if (running == nullptr || !running->unwritten.empty() || left() <= Duration::zero()) return false;
  const auto* batch = shop_.store.batch(id_);
  if (batch->status != Status::in_progress) return false;
  const auto next = running->run.next(shop_.clock.now());
  if (!next) return false;
  auto line = line_of(*next);
  if (!line) {
    log::error("batch_disk").text("batch", id_).text("what", line.error().message);
    running->run.answered(*next, Fate::waits, kRepair, shop_.clock.now());
    return false;
  }
  running->names[*next] = std::move(line->custom_id);
  shop_.call({id_, *next, batch->owner, std::move(line->url), std::move(line->body)});
  return true;
}

void Job::answered(std::size_t line, const LineAnswer& answer) {
  auto* running = std::get_if<Running>(&phase_);
  if (running == nullptr) return;
  const auto found = running->names.find(line);
  if (found == running->names.end()) return;
  const auto name = std::move(found->second);
  running->names.erase(found);
  const int tries = running->run.broken(line) + 1;
  auto fate = judge(answer.status, answer.retry_after, tries, left());
  const auto id = line_id(*read_id(id_), line);
  auto text = fate == Fate::good || fate == Fate::bad ? output_line(id, name, answer) : std::nullopt;
  if (!text && fate == Fate::good) fate = tries < kTries ? Fate::again : Fate::bad;
  if (!text && fate == Fate::bad)
    text = error_line(id, name, "invalid_answer",
                      "No answer that is JSON came for this request, tried three times.");
  if (text) record(*running, line, fate == Fate::good, *text);
  running->run.answered(line, fate, answer.retry_after, shop_.clock.now());
  if (shop_.tally) shop_.tally(fate);
}

void Job::record(Running& running, std::size_t line, bool good, const std::string& text) {
  const auto at = running.length + running.unwritten.size();
  const auto written = journal_line(line, good, text);
  Entry entry{line, good, at + written.size() - text.size() - 1, static_cast<std::uint32_t>(text.size())};
  running.entries.push_back(entry);
  running.unwritten += written;
  ++(good ? counts_.completed : counts_.failed);
  if (auto kept = write_down(running); !kept)
    log::error("batch_disk").text("batch", id_).text("what", kept.error().message);
}

Result<void> Job::write_down(Running& running) {
  if (running.unwritten.empty()) return {};
  if (auto written = running.journal.write(running.length, running.unwritten); !written) return written;
  running.length += running.unwritten.size();
  running.unwritten.clear();
  if (!running.dirty) running.dirty = shop_.clock.now();
  return {};
}

void Job::cancel() {
  auto batch = *shop_.store.batch(id_);
  if (batch.status != Status::validating && batch.status != Status::in_progress) return;
  batch.become(Status::cancelling, now());
  if (auto kept = put(std::move(batch)); !kept)
    log::error("batch_disk").text("batch", id_).text("what", kept.error().message);
}

}  // namespace troupe::batch
