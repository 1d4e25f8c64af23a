#include "app/cli/batch_run.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <ostream>
#include <thread>
#include <utility>

#include "app/cli/client.hpp"

namespace troupe::cli {
namespace {

constexpr auto kLook = std::chrono::milliseconds(200);
constexpr auto kPlainEvery = std::chrono::seconds(5);        // without a terminal
constexpr Duration kNobodyThere = std::chrono::seconds(30);  // without any answer: the node is gone
constexpr Duration kNeverThere = std::chrono::seconds(1);    // the same, before the first one
constexpr std::size_t kColumns = 100;

/// SIGINT and SIGTERM wait to be asked for, in this thread and all that it starts.
class Interrupts {
 public:
  Interrupts() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~Interrupts() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Waits so long for one; true when it came.
  bool wait(Duration span) const {
    const auto whole = std::chrono::floor<std::chrono::seconds>(span);
    const timespec patience{static_cast<time_t>(whole.count()), static_cast<long>((span - whole).count())};
    return sigtimedwait(&set_, nullptr, &patience) > 0;
  }

 private:
  sigset_t set_{}, before_{};
};

std::optional<Duration> retry_after(const Reply& reply) {
  for (const auto& [name, unit] :
       {std::pair<const char*, Duration>("retry-after-ms", std::chrono::milliseconds(1)),
        std::pair<const char*, Duration>("retry-after", std::chrono::seconds(1))}) {
    const auto text = reply.header(name);
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (!text.empty() && error == std::errc{} && count >= 0) return unit * count;
  }
  return std::nullopt;
}

/// What the threads that send have in common.
struct Sending {
  const Context& context;
  BatchWork& work;
  std::string key;
  std::atomic<int> refused{0};         ///< 401 or 403: the same for all lines
  std::atomic<std::int64_t> heard{0};  ///< when the node last answered, by the monotonic clock; 0: never
  std::mutex mutex;
  std::string why = {};  ///< of the last call without an answer, or of the refusal
};

Call call_of(const Sending& sending, const BatchWork::Line& line) {
  Call out;
  out.method = "POST";
  out.url = sending.context.globals.api;
  out.target = line.what.url;
  out.timeout = timeout_of(sending.context.globals);
  out.headers = {{"content-type", "application/json"}, {"x-troupe-class", "batch"}};
  if (!sending.key.empty()) out.headers.emplace_back("authorization", "Bearer " + sending.key);
  out.body = line.what.body;
  return out;
}

std::int64_t ticks() {
  return real_clock().now().time_since_epoch().count();
}

void send_line(Sending& sending, const BatchWork::Line& line) {
  const auto reply = call(call_of(sending, line));
  batch::LineAnswer answer;
  // Nobody there is no failure of the line: it waits until it is clear that nobody comes.
  if (!reply) {
    answer.status = 503;
    const std::lock_guard lock(sending.mutex);
    sending.why = reply.error();
  } else {
    sending.heard = ticks();
    answer.status = reply->whole ? reply->status : 0;
    answer.request_id = reply->header("x-request-id");
    answer.retry_after = retry_after(*reply);
    answer.body = reply->body;
  }
  if (answer.status == 401 || answer.status == 403) {
    const std::lock_guard lock(sending.mutex);
    sending.why = message_of(answer.body);
    sending.refused = answer.status;
    sending.work.stop();
    return;  // not answered: a later run with another key sends it again
  }
  const auto spent = reply ? spent_of(answer.body, reply->header("x-troupe-cost-usd")) : Spent{};
  sending.work.answered(line, answer, spent);
}

void send_lines(Sending& sending, std::atomic<int>& alive) {
  while (auto line = sending.work.next()) send_line(sending, *line);
  --alive;
}

std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col - 1U : kColumns;
}

class Display {
 public:
  explicit Display(const Context& context)
      : context_(context), bar_(isatty(STDERR_FILENO) == 1), next_(real_clock().now() + kPlainEvery) {}
  void show(const Progress& progress) {
    if (context_.globals.quiet) return;
    if (bar_) {
      *context_.err << "\r\033[K" << progress_line(progress, columns()) << std::flush;
      return;
    }
    if (real_clock().now() < next_) return;
    next_ += kPlainEvery;
    *context_.err << progress_line(progress, kColumns) << "\n" << std::flush;
  }
  void end(const Progress& progress) {
    if (context_.globals.quiet || !bar_) return;
    show(progress);
    *context_.err << "\n";
  }
  void say(const std::string& text) {
    if (!context_.globals.quiet) *context_.err << (bar_ ? "\r\033[K" : "") << text << "\n" << std::flush;
  }

 private:
  const Context& context_;
  const bool bar_;
  Time next_;
};

/// Until all threads have ended; true when it was interrupted.
bool watch(Sending& sending, const std::atomic<int>& alive, const Interrupts& interrupts, Display& display) {
  bool interrupted = false;
  const auto began = ticks();
  while (alive > 0) {
    display.show(sending.work.progress());
    const auto heard = sending.heard.load();
    const auto silent = Duration(ticks() - (heard > 0 ? heard : began));
    if (silent > (heard > 0 ? kNobodyThere : kNeverThere) && sending.work.progress().running == 0)
      sending.work.stop();
    if (!interrupts.wait(kLook)) continue;
    if (interrupted) _exit(Exit::interrupted);  // what is finished is in the journal
    interrupted = true;
    sending.work.stop();
    display.say(fmt::format("stopping: {} lines under way are waited for; once more leaves them",
                            sending.work.progress().running));
  }
  return interrupted;
}

int left_off(const Context& context, const BatchOptions& options, int code, const std::string& why) {
  return complain(context, code, why,
                  fmt::format("what is finished is kept: `troupe batch run {} --out {} --resume` goes on",
                              options.file, options.out));
}

int end(const Context& context, const BatchOptions& options, Sending& sending, bool interrupted) {
  auto& work = sending.work;
  const auto progress = work.progress();
  if (!work.finished()) {
    if (const auto trouble = work.trouble(); !trouble.empty())
      return left_off(context, options, failed, trouble);
    if (interrupted)
      return left_off(context, options, Exit::interrupted,
                      fmt::format("interrupted after {} of {} lines", progress.finished(), progress.total));
    if (sending.refused > 0) return left_off(context, options, unauthorised, sending.why);
    return left_off(context, options, unreachable, sending.why);
  }
  if (auto made = work.finish(); !made) return left_off(context, options, failed, made.error().message);
  if (!print_json(context, summary_json(progress, options.out)) && !context.globals.quiet)
    *context.out << summary_text(progress, options.out);
  return progress.failed > 0 ? partly : done;
}

}  // namespace

int run_batch(const Context& context, BatchOptions options) {
  if (options.out.empty()) options.out = options.file + ".out";
  auto work = BatchWork::open(options);
  if (!work) return complain(context, failed, work.error());
  const Interrupts interrupts;
  Sending sending{context, **work, options.key, {}, {}, {}, {}};
  std::atomic<int> alive{std::max(1, options.concurrency)};
  std::vector<std::thread> threads;
  for (int i = alive; i > 0; --i) threads.emplace_back([&] { send_lines(sending, alive); });
  Display display(context);
  const bool interrupted = watch(sending, alive, interrupts, display);
  for (auto& thread : threads) thread.join();
  display.end((*work)->progress());
  return end(context, options, sending, interrupted);
}

}  // namespace troupe::cli
