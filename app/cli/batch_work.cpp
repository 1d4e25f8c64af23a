#include "app/cli/batch_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "config/measure.hpp"

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;
using batch::DiskFile;
using batch::Fate;
constexpr auto kLook = std::chrono::milliseconds(50);
constexpr std::size_t kShown = 20;  // mistakes

std::string mistakes_of(const batch::Input& input, const std::string& file) {
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, input.errors().size()); ++i) {
    const auto& one = input.errors()[i];
    out += fmt::format("{}{}: {}\n", file, one.line > 0 ? ":" + std::to_string(one.line) : "", one.message);
  }
  if (input.mistakes() > kShown) out += fmt::format("… and {} more\n", input.mistakes() - kShown);
  if (!out.empty()) out.pop_back();
  return out;
}

std::string name_of(const BatchOptions& options, std::size_t number) {
  return fmt::format("{}:{}", options.file, number + 1);
}

/// The line with another model in its body.
std::string with_model(const std::string& body, const std::string& model) {
  auto json = nlohmann::ordered_json::parse(body, nullptr, false);
  if (!json.is_object()) return body;
  json["model"] = model;
  return json.dump();
}

tl::expected<void, std::string> may_begin(const BatchOptions& options) {
  const bool begun = fs::exists(options.partial());
  if (!options.resume && begun)
    return tl::unexpected(fmt::format(
        "an earlier run stopped before its end: go on with --resume, or remove {}", options.partial()));
  if (!begun && fs::exists(options.out))
    return tl::unexpected(
        fmt::format("{} is there already: remove it, or name another with --out", options.out));
  return {};
}

}  // namespace

tl::expected<std::unique_ptr<BatchWork>, std::string> BatchWork::open(const BatchOptions& options) {
  const auto wait = config::parse_duration(options.wait);
  if (!wait)
    return tl::unexpected(fmt::format("--wait {}: a time such as 30s or 1h is expected", options.wait));
  if (auto good = may_begin(options); !good) return tl::unexpected(good.error());
  auto checked = DiskFile::open(options.file, DiskFile::For::reading);
  auto input = DiskFile::open(options.file, DiskFile::For::reading);
  if (!checked || !input) return tl::unexpected((checked ? input : checked).error().message);
  batch::Input lines(std::move(*checked), {});
  for (;;) {
    const auto last = lines.step();
    if (!last) return tl::unexpected(last.error().message);
    if (*last) break;
  }
  if (lines.mistakes() > 0) return tl::unexpected(mistakes_of(lines, options.file));
  auto journal = DiskFile::open(options.partial(), DiskFile::For::writing);
  if (!journal) return tl::unexpected(journal.error().message);
  std::unique_ptr<BatchWork> out(new BatchWork(options, std::move(*input), std::move(*journal)));
  out->lines_ = lines.lines();
  out->wait_ = *wait;
  if (auto read = out->read_journal(); !read) return tl::unexpected(read.error());
  out->began_ = real_clock().now();
  return out;
}

tl::expected<void, std::string> BatchWork::read_journal() {
  batch::JournalReader reader;
  for (std::uint64_t at = 0;;) {
    const auto piece = journal_.read(at, batch::Input::kPiece);
    if (!piece) return tl::unexpected(piece.error().message);
    if (piece->empty()) break;
    reader.feed(*piece);
    at += piece->size();
  }
  std::vector<std::size_t> finished;
  for (const auto& entry : reader.entries()) {
    const auto line = line_at(entry.line);
    const auto text = journal_.read(entry.offset, entry.size);
    const auto said = Json::parse(text ? *text : "", nullptr, false);
    if (!line || cli::text(said, "custom_id") != line->custom_id)
      return tl::unexpected(options_.partial() +
                            " belongs to another input; give its own file, or remove it");
    finished.push_back(entry.line);
    if (!entry.good) ++progress_.failed;
  }
  entries_ = reader.entries();
  length_ = reader.length();
  if (auto cut = journal_.cut(length_); !cut) return tl::unexpected(cut.error().message);
  progress_.total = lines_.size();
  progress_.before = finished.size() - progress_.failed;
  run_.emplace(lines_.size(), finished, static_cast<std::size_t>(std::max(1, options_.concurrency)));
  return {};
}

Result<batch::Line> BatchWork::line_at(std::size_t number) const {
  if (number >= lines_.size()) return fail(Fault::troupe_internal, "no such line");
  const auto text = input_.read(lines_[number].offset, lines_[number].size);
  if (!text) return tl::unexpected(text.error());
  auto line = batch::read_line(*text, {});
  if (!line)
    return fail(Fault::troupe_internal, name_of(options_, number) + " has changed: " + line.error().message);
  if (!options_.model.empty()) line->body = with_model(line->body, options_.model);
  return std::move(*line);
}

std::optional<BatchWork::Line> BatchWork::next() {
  std::unique_lock lock(mutex_);
  while (!stopped_ && !run_->finished()) {
    const auto number = run_->next(real_clock().now());
    if (!number) {
      changed_.wait_for(lock, kLook);
      continue;
    }
    auto line = line_at(*number);
    if (line) return Line{*number, std::move(*line)};
    run_->answered(*number, Fate::waits, std::nullopt, real_clock().now());
    trouble_ = line.error().message;
    stopped_ = true;
  }
  return std::nullopt;
}

void BatchWork::answered(const Line& line, const batch::LineAnswer& answer, const Spent& spent) {
  const std::lock_guard lock(mutex_);
  const int tries = run_->broken(line.number) + 1;
  auto fate = batch::judge(answer.status, answer.retry_after, tries, wait_);
  const auto id = fmt::format("batch_req_{}", line.number + 1);
  auto text = fate == Fate::good || fate == Fate::bad ? batch::output_line(id, line.what.custom_id, answer)
                                                      : std::nullopt;
  if (!text && fate == Fate::good) fate = tries < batch::kTries ? Fate::again : Fate::bad;
  if (!text && fate == Fate::bad)
    text = batch::error_line(id, line.what.custom_id, "invalid_answer",
                             "No answer that is JSON came for this request.");
  if (text) {
    record(line.number, fate == Fate::good, *text);
    ++(fate == Fate::good ? progress_.completed : progress_.failed);
    progress_.spent.input += spent.input;
    progress_.spent.output += spent.output;
    if (spent.cost) progress_.spent.cost = progress_.spent.cost.value_or(Money{}) + *spent.cost;
  }
  run_->answered(line.number, fate, answer.retry_after, real_clock().now());
  changed_.notify_all();
}

void BatchWork::record(std::size_t number, bool good, const std::string& text) {
  const auto written = batch::journal_line(number, good, text);
  if (auto kept = journal_.write(length_, written); !kept) {
    trouble_ = kept.error().message;
    stopped_ = true;
    return;
  }
  entries_.push_back(
      {number, good, length_ + written.size() - text.size() - 1, static_cast<std::uint32_t>(text.size())});
  length_ += written.size();
}

void BatchWork::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool BatchWork::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

bool BatchWork::finished() const {
  const std::lock_guard lock(mutex_);
  return run_->finished();
}

std::string BatchWork::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

Progress BatchWork::progress() const {
  const std::lock_guard lock(mutex_);
  auto out = progress_;
  out.running = run_->running();
  out.took = real_clock().now() - began_;
  return out;
}

Result<void> BatchWork::finish() {
  const auto aside = options_.out + ".new";
  auto output = DiskFile::open(aside, DiskFile::For::anew);
  if (!output) return tl::unexpected(output.error());
  // One file for all: a line's own status says how it ended.
  for (auto& entry : entries_) entry.good = true;
  batch::Finish::Parts parts{
      std::move(journal_), std::move(entries_), std::move(*output), {}, lines_.size(), {}};
  batch::Finish finish(std::move(parts));
  for (;;) {
    const auto last = finish.step();
    if (!last) return tl::unexpected(last.error());
    if (*last) break;
  }
  if (auto moved = batch::move_file(aside, options_.out); !moved) return moved;
  std::error_code ignored;
  fs::remove(options_.partial(), ignored);
  return {};
}

}  // namespace troupe::cli
