// The link over mutual TLS on loopback: round trip of one message at a time, and messages/s with many on the
// way. Two nodes, two threads, one process. `link_bench [rounds]`.
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <future>
#include <vector>

#include "tests/bench/link_nodes.hpp"

using namespace troupe;
using namespace troupe::bench;
using link::kQueue;

namespace {

constexpr std::size_t kWindow = 2048;            // messages on the way; half of what an outbox holds
constexpr std::size_t kWindowBytes = 6'000'000;  // less than what an outbox holds: nothing may be dropped
constexpr std::size_t kAck = 256;                // messages that one answer stands for

/// What node a is doing. Only its own thread touches it, but for the promise.
struct Task {
  enum class Kind : std::uint8_t { round_trips, flood } kind = Kind::round_trips;
  std::string payload;
  std::size_t left = 0, unsent = 0;
  Time sent{};
  std::vector<std::int64_t> ns;
  std::promise<void> done;
};

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return of(use.ru_utime) + of(use.ru_stime);
}

struct Pair {
  Papers papers;
  Task task;
  std::promise<void> up;
  std::size_t received = 0;
  std::unique_ptr<Node> b, a;

  Pair() {
    link::Callbacks echo;
    echo.on_frame = [this](const std::string& peer, std::uint64_t, std::string_view payload) {
      if (payload.front() == 'r') b->link().send(peer, kQueue, std::string(payload));
      if (payload.front() == 'f' && ++received % kAck == 0) b->link().send(peer, kQueue, "ack");
    };
    echo.may_join = [](const std::string&) { return true; };
    b = std::make_unique<Node>(papers, "b", std::move(echo));
    link::Callbacks ask;
    ask.on_up = [this](const std::string&, const link::Hello&) { up.set_value(); };
    ask.on_frame = [this](const std::string&, std::uint64_t, std::string_view) { answered(); };
    a = std::make_unique<Node>(papers, "a", std::move(ask));
    a->link().set_peers({{"b", b->link().address()}});
    up.get_future().wait();
  }

  void answered() {
    if (task.kind == Task::Kind::round_trips) {
      task.ns.push_back((real_clock().now() - task.sent).count());
      if (--task.left == 0) return task.done.set_value();
      ask();
    } else if (task.unsent == task.left) {
      pour(std::clamp(kWindowBytes / (task.payload.size() + 64), kAck, kWindow));
    } else {
      task.left -= kAck;
      if (task.left == 0) return task.done.set_value();
      pour(kAck);
    }
  }
  void ask() {
    task.sent = real_clock().now();
    a->link().send("b", kQueue, task.payload);
  }
  void pour(std::size_t n) {
    for (; n > 0 && task.unsent > 0; --n, --task.unsent) a->link().send("b", kQueue, task.payload);
  }

  void round_trips(std::size_t rounds, std::size_t bytes) {
    task = {Task::Kind::round_trips, std::string(bytes, 'r'), rounds, 0, {}, {}, {}};
    task.ns.reserve(rounds);
    const auto before = cpu_seconds();
    ask();
    task.done.get_future().wait();
    const auto cpu = cpu_seconds() - before;
    std::sort(task.ns.begin(), task.ns.end());
    const auto at = [&](double q) {
      return static_cast<double>(task.ns[static_cast<std::size_t>(q * static_cast<double>(rounds - 1))]) /
             1e3;
    };
    std::printf("round trip, %5zu B: p50 %7.1f us  p99 %7.1f us  CPU %6.1f us (both ends)\n", bytes, at(0.5),
                at(0.99), 1e6 * cpu / static_cast<double>(rounds));
  }

  void flood(std::size_t messages, std::size_t bytes) {
    messages = std::max(kAck, messages / kAck * kAck);
    task = {Task::Kind::flood, std::string(bytes, 'f'), messages, messages, {}, {}, {}};
    const auto start = real_clock().now();
    const auto before = cpu_seconds();
    a->link().send("b", kQueue, "r");  // its echo begins the flood, on the thread that goes on with it
    task.done.get_future().wait();
    const auto cpu = cpu_seconds() - before;
    const auto seconds = std::chrono::duration<double>(real_clock().now() - start).count();
    const auto n = static_cast<double>(messages);
    std::printf("one way,    %5zu B: %9.0f messages/s  %7.1f MB/s  CPU %6.2f us (both ends)\n", bytes,
                n / seconds, n * static_cast<double>(bytes) / seconds / 1e6, 1e6 * cpu / n);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto rounds = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : std::size_t{20000};
  Pair pair;
  pair.round_trips(std::max<std::size_t>(1, rounds / 10), 64);  // warm
  for (const std::size_t bytes : {64, 1024}) pair.round_trips(rounds, bytes);
  for (const std::size_t bytes : {64, 1024, 16384}) pair.flood(bytes > 4096 ? rounds : 20 * rounds, bytes);
  return 0;
}
