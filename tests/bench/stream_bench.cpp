// Both ends of a stream benchmark: `serve` is a provider whose every delta carries the instant it was sent,
// `load` is many clients that read them. Both on one machine, so the difference is what the way between them
// cost.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"

namespace {

using troupe::Duration;
using troupe::Time;

Time now() {
  return troupe::real_clock().now();
}

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void no_delay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// epoll and timers, for at most one timer per socket.
class Loop {
 public:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.fd = fd;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) die("epoll_ctl");
  }
  void at(Time when, int fd) { timers_.emplace(when, fd); }

  /// Calls ready(fd) and due(fd) until `more` says no.
  template <class Ready, class Due, class More>
  void run(Ready ready, Due due, More more) {
    std::vector<epoll_event> events(1024);
    while (more()) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_millis());
      for (int i = 0; i < count; ++i) ready(events[static_cast<std::size_t>(i)].data.fd);
      for (const auto instant = now(); !timers_.empty() && timers_.top().first <= instant;) {
        const int fd = timers_.top().second;
        timers_.pop();
        due(fd);
      }
    }
  }

 private:
  int wait_millis() const {
    if (timers_.empty()) return 100;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(timers_.top().first - now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 100));
  }

  using Timer = std::pair<Time, int>;
  int epoll_ = epoll_create1(0);
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
};

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// ---- the provider

struct Caller {
  std::string in;
  int sent = 0;  ///< deltas of the stream under way
};

std::string chunk(const std::string& frame) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", frame.size());
  return size + frame + "\r\n";
}

std::string delta(std::string_view content, const char* finish) {
  return R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o",)"
         R"("choices":[{"index":0,"delta":{"content":")" +
         std::string(content) + R"("},"finish_reason":)" + finish + "}]}\n\n";
}

/// True when `in` begins with a whole request; it is taken out.
bool take_request(std::string& in) {
  const auto end = in.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::size_t length = 0;
  std::string head = in.substr(0, end);
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  if (const auto at = head.find("content-length:"); at != std::string::npos)
    length = std::strtoul(head.c_str() + at + 15, nullptr, 10);
  if (in.size() < end + 4 + length) return false;
  in.erase(0, end + 4 + length);
  return true;
}

class Provider {
 public:
  Provider(int port, int deltas, Duration gap) : deltas_(deltas), gap_(gap) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("bind");
    if (listen(listener_, 4096) != 0) die("listen");
    loop_.watch(listener_);
  }
  void run() {
    loop_.run([this](int fd) { fd == listener_ ? greet() : read(fd); }, [this](int fd) { next(fd); },
              [] { return true; });
  }

 private:
  void greet() {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    no_delay(fd);
    callers_[fd] = {};
    loop_.watch(fd);
  }
  void read(int fd) {
    char buffer[16384];
    const auto got = recv(fd, buffer, sizeof buffer, 0);
    if (got <= 0) return drop(fd);
    auto& caller = callers_[fd];
    caller.in.append(buffer, static_cast<std::size_t>(got));
    if (!take_request(caller.in)) return;
    caller.sent = 0;
    if (!send_all(fd,
                  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"))
      return drop(fd);
    next(fd);
  }
  void next(int fd) {
    const auto found = callers_.find(fd);
    if (found == callers_.end()) return;
    auto& caller = found->second;
    const bool last = ++caller.sent >= deltas_;
    const auto instant = now();
    auto bytes = chunk(delta("@" + std::to_string(instant.time_since_epoch().count()) + "@ ", "null"));
    if (last) bytes += chunk(delta("", "\"stop\"")) + chunk("data: [DONE]\n\n") + "0\r\n\r\n";
    if (!send_all(fd, bytes)) return drop(fd);
    if (!last) loop_.at(instant + gap_, fd);
  }
  void drop(int fd) {
    callers_.erase(fd);
    close(fd);
  }

  int deltas_, listener_ = -1;
  Duration gap_;
  Loop loop_;
  std::unordered_map<int, Caller> callers_;
};

// ---- the clients

struct Client {
  std::string tail;  ///< a mark that is not complete yet
  Time asked{};
  bool first = true;
};

struct Tally {
  std::vector<std::int64_t> first, frame;  ///< nanoseconds
  int clean = 0, broken = 0;
};

class Load {
 public:
  Load(int port, int streams, Duration spread) : port_(port), streams_(streams) {
    for (int i = 0; i < streams; ++i) open(now() + spread * i / streams);
  }
  Tally run() {
    const auto give_up = now() + std::chrono::seconds(60);
    loop_.run([this](int fd) { read(fd); }, [this](int fd) { ask(fd); },
              [&] { return tally_.clean + tally_.broken < streams_ && now() < give_up; });
    tally_.broken = streams_ - tally_.clean;
    return std::move(tally_);
  }

 private:
  void open(Time start) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(port_);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) die("connect");
    no_delay(fd);
    clients_[fd] = {};
    loop_.watch(fd);
    loop_.at(start + std::chrono::milliseconds(500), fd);
  }
  void ask(int fd) {
    static const std::string body =
        R"({"model":"smart","stream":true,"messages":[{"role":"user","content":"count"}]})";
    const char* key = std::getenv("BENCH_KEY");
    const auto head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: "
        "application/json\r\nauthorization: Bearer " +
        std::string(key != nullptr ? key : "none") + "\r\ncontent-length: " + std::to_string(body.size()) +
        "\r\n\r\n";
    clients_[fd].asked = now();
    if (!send_all(fd, head + body)) end(fd, false);
  }
  void read(int fd) {
    char buffer[65536];
    const auto got = recv(fd, buffer, sizeof buffer, 0);
    const auto instant = now();
    const auto found = clients_.find(fd);
    if (found == clients_.end()) return;
    if (got <= 0) return end(fd, false);
    auto& client = found->second;
    client.tail.append(buffer, static_cast<std::size_t>(got));
    take_marks(client, instant);
    if (client.tail.find("data: [DONE]") != std::string::npos) end(fd, true);
  }
  void take_marks(Client& client, Time instant) {
    std::size_t from = 0;
    for (;;) {
      const auto begin = client.tail.find('@', from);
      const auto stop = begin == std::string::npos ? begin : client.tail.find('@', begin + 1);
      if (stop == std::string::npos) break;
      std::int64_t sent = 0;
      std::from_chars(client.tail.data() + begin + 1, client.tail.data() + stop, sent);
      tally_.frame.push_back(instant.time_since_epoch().count() - sent);
      if (client.first) tally_.first.push_back((instant - client.asked).count());
      client.first = false;
      from = stop + 1;
    }
    client.tail.erase(0, from);
  }
  void end(int fd, bool clean) {
    clean ? ++tally_.clean : ++tally_.broken;
    clients_.erase(fd);
    close(fd);
  }

  int port_, streams_;
  Loop loop_;
  std::unordered_map<int, Client> clients_;
  Tally tally_;
};

double micros(std::vector<std::int64_t>& all, double share) {
  if (all.empty()) return -1;
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
  std::nth_element(all.begin(), at, all.end());
  return static_cast<double>(*at) / 1000;
}

void report(Tally tally) {
  std::printf(
      "{\"clean\":%d,\"broken\":%d,\"frames\":%zu,\"first_p50_us\":%.1f,\"first_p99_us\":%.1f,\"frame_p50_"
      "us\":%.1f,"
      "\"frame_p99_us\":%.1f}\n",
      tally.clean, tally.broken, tally.frame.size(), micros(tally.first, 0.5), micros(tally.first, 0.99),
      micros(tally.frame, 0.5), micros(tally.frame, 0.99));
}

}  // namespace

int main(int count, char** words) {
  const std::string_view mode = count > 1 ? words[1] : "";
  const auto number = [&](int at) { return std::atoi(words[at]); };
  if (mode == "serve" && count == 5) {
    Provider(number(2), number(3), std::chrono::milliseconds(number(4))).run();
  } else if (mode == "load" && count == 5) {
    report(Load(number(2), number(3), std::chrono::milliseconds(number(4))).run());
  } else {
    std::fputs("usage: stream_bench serve PORT DELTAS GAP_MS | load PORT STREAMS SPREAD_MS\n", stderr);
    return 2;
  }
  return 0;
}
