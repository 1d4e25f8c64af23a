#pragma once
// The API's room without a network and without actors: socket pairs whose other ends the test holds, a desk
// that answers what the test wrote, a clock that stands still, and an I/O context that runs when told to.
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "actors/desk.hpp"
#include "config/auth.hpp"
#include "gateway/admin/observer.hpp"
#include "gateway/api/session.hpp"
#include "gateway/api/worker.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::api::testing {

/// The test's end of a socket pair: what it sends has arrived when send() returns.
class Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}
  Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seen(std::move(other.seen)) {}
  Wire(const Wire&) = delete;
  ~Wire() { close(); }

  void send(const std::string& text) const {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
        static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the wire took less");
  }
  /// Everything that arrived so far, since the beginning.
  const std::string& read() {
    std::array<char, 65536> block{};
    for (;;) {
      const auto count = ::recv(fd_, block.data(), block.size(), MSG_DONTWAIT);
      if (count == 0) ended = true;
      if (count <= 0) return seen;
      seen.append(block.data(), static_cast<std::size_t>(count));
    }
  }
  /// The other side will send nothing more.
  bool over() {
    read();
    return ended;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;

 public:
  std::string seen;
  bool ended = false;
};

/// Finds what is in `kept` by then, and puts there what its caller got.
class StageLook final : public actors::CacheLook {
 public:
  using Kept = std::map<cache::Digest, cache::EntryPtr>;
  StageLook(Kept& kept, const cache::Digest& key) : kept_(kept), key_(key) {
    const auto found = kept.find(key);
    told_.emplace(cache::Told{1, found == kept.end() ? nullptr : found->second, {}});
  }
  const std::optional<cache::Told>& told() const override { return told_; }
  void end(cache::End how) override {
    if (how.entry) kept_[key_] = std::move(how.entry);
  }

 private:
  Kept& kept_;
  const cache::Digest key_;
  std::optional<cache::Told> told_;
};

/// Answers in the order written; refuses when nothing is left. Caches what the configuration lets it.
class ScriptedDesk final : public actors::Desk {
 public:
  std::deque<actors::RouteAnswer> answers;
  actors::Admission admission;
  bool at_head = true;
  std::deque<actors::Probe> probes;

  std::vector<actors::RouteAsk> asked;
  std::vector<std::pair<actors::Granted, actors::Settlement>> settled;
  struct Tenant {
    std::string name;
    actors::PermitId permit = 0;
    Usage usage;
    bool called = false;
  };
  std::vector<Tenant> tenants;
  std::vector<std::string> admitted;  ///< whose limits were asked
  std::vector<actors::PermitId> begun_permits, begun_tenants;
  struct Probed {
    std::string key;
    std::optional<Fault> fault;
    bool tried = false;
  };
  std::vector<Probed> probed_keys;
  int joined = 0, left = 0, gave_up = 0;
  StageLook::Kept kept;

  boost::asio::awaitable<actors::RouteAnswer> route(actors::RouteAsk ask) override {
    asked.push_back(std::move(ask));
    if (answers.empty())
      co_return actors::Refused{Fault::troupe_all_open, kNever, "nothing is left", {}, false};
    auto answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }
  void settle(const actors::Granted& granted, actors::Settlement settlement) override {
    settled.emplace_back(granted, std::move(settlement));
  }
  void begun(const actors::Granted& granted, Time) override { begun_permits.push_back(granted.permit); }
  boost::asio::awaitable<std::uint64_t> join_line(std::shared_ptr<const actors::RequestFacts>,
                                                  Time) override {
    ++joined;
    co_return at_head ? 7 : 0;
  }
  void leave_line(std::uint64_t, bool served) override { ++(served ? left : gave_up); }
  boost::asio::awaitable<actors::Admission> admit(std::string owner, std::string, Tokens, Tokens) override {
    admitted.push_back(std::move(owner));
    co_return admission;
  }
  void settle_tenant(const std::string& tenant, actors::PermitId permit, Usage usage, bool called,
                     Duration) override {
    tenants.push_back({tenant, permit, usage, called});
  }
  void begun_tenant(const std::string&, actors::PermitId permit, Time) override {
    begun_tenants.push_back(permit);
  }
  boost::asio::awaitable<std::optional<actors::Probe>> next_probe() override {
    if (probes.empty()) co_return std::nullopt;
    auto probe = std::move(probes.front());
    probes.pop_front();
    co_return probe;
  }
  std::unique_ptr<actors::CacheLook> look_up(const cache::Digest& key, Duration,
                                             std::function<void()>) override {
    return std::make_unique<StageLook>(kept, key);
  }
  void probed(const actors::Probe& probe, std::optional<Fault> fault, bool tried) override {
    probed_keys.push_back({probe.granted.endpoint->key->id, fault, tried});
  }
};

class KeepingObserver final : public admin::Observer {
 public:
  std::vector<admin::RequestRecord> records, probes;
  std::vector<std::string> classes;
  int started = 0, streams = 0, connections = 0;

  void request_started() override { ++started; }
  void request_finished(admin::RequestRecord record) override { records.push_back(std::move(record)); }
  void probed(const admin::RequestRecord& record) override { probes.push_back(record); }
  void classified(std::string_view how) override { classes.emplace_back(how); }
  void stream_opened() override { ++streams; }
  void stream_closed() override { --streams; }
  void connection_opened() override { ++connections; }
  void connection_closed() override { --connections; }
};

/// Two providers, "one" and "two", with a key each; the alias "smart" over both.
inline std::shared_ptr<config::Config> stage_config() {
  auto config = std::make_shared<config::Config>();
  config::Model model;
  model.name = "smart";
  for (const std::string name : {"one", "two"}) {
    config::Provider provider;
    provider.name = name;
    provider.type = config::ProviderType::openai;
    provider.base_url = "http://127.0.0.1:" + std::string(name == "one" ? "1" : "2") + "/v1";
    provider.keys.emplace_back().name = "key-" + name;
    config->providers.push_back(provider);
    config::Target target;
    target.provider = name;
    target.model = "gpt-4o";
    model.targets.push_back(target);
  }
  config->models.push_back(model);
  return config;
}

/// stage_config() with the tenant "team" and its key "k", which clients present as "tk".
inline std::shared_ptr<config::Config> team_config(const std::function<void(config::Tenant&)>& change = {}) {
  auto config = stage_config();
  config::Tenant tenant;
  tenant.name = "team";
  tenant.keys.push_back({"k", config::virtual_key_hash("tk")});
  if (change) change(tenant);
  config->tenants.push_back(tenant);
  return config;
}

class Stage {
 public:
  troupe::testing::ManualClock clock;
  boost::asio::io_context io{1};
  ScriptedDesk desk;
  KeepingObserver observer;
  std::shared_ptr<config::Config> config;
  std::unique_ptr<Worker> worker;
  std::vector<Duration> sent, ended;  ///< what the watch over shared calls was told

  explicit Stage(std::shared_ptr<config::Config> with = stage_config(), WorkerOptions options = {})
      : config(std::move(with)) {
    options.io = &io;
    options.clock = &clock;
    options.desk = &desk;
    options.observer = &observer;
    options.setup = make_setup(config, config::PriceCatalogue::embedded());
    options.node = "node-t";
    options.watch = {[this](Duration left) { sent.push_back(left); },
                     [this](Duration took) { ended.push_back(took); }};
    worker = std::make_unique<Worker>(options);
    for (const auto& provider : config->providers) endpoints_.push_back(endpoint(provider));
  }
  ~Stage() {
    worker->close_all();
    run();
    worker->stop();
    run();
  }

  /// Everything that is ready, and what becomes ready of it.
  void run() {
    do io.restart();
    while (io.poll() > 0);
  }
  /// Time passes, and whoever waits for it looks.
  void pass(Duration span) {
    clock.advance(span);
    worker->dog.wake_all();
    run();
  }

  /// A client's connection, with a session that serves it.
  Wire client(const std::string& peer = {}) {
    auto [ours, theirs] = pair();
    const auto connection = std::make_shared<http::Connection>(std::move(ours));
    if (!peer.empty()) connection->peer = peer;
    const auto rethrow = [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    };
    boost::asio::co_spawn(io, serve(std::make_shared<Session>(*worker, connection)), rethrow);
    run();
    return Wire(theirs);
  }
  /// An idle connection to the provider of endpoint `at`; the next call there takes it.
  Wire upstream(std::size_t at = 0) {
    auto [ours, theirs] = pair();
    auto& bucket = *worker->upstream(*endpoints_.at(at)->key).bucket;
    worker->pool.give(bucket, std::make_shared<http::Connection>(std::move(ours)));
    return Wire(theirs);
  }

  /// An idle connection to any other server.
  Wire elsewhere(const std::string& host, const std::string& port) {
    auto [ours, theirs] = pair();
    http::Origin origin;
    origin.host = host;
    origin.port = port;
    worker->pool.give(worker->pool.bucket(origin, 2), std::make_shared<http::Connection>(std::move(ours)));
    return Wire(theirs);
  }

  actors::Granted granted(std::size_t at = 0) {
    actors::Granted made;
    made.permit = ++permits_;
    made.endpoint = endpoints_.at(at);
    return made;
  }
  /// The desk's next answer.
  void grant(std::size_t at = 0, std::uint32_t fallback = 0) {
    auto made = granted(at);
    made.fallback = fallback;
    desk.answers.emplace_back(std::move(made));
  }

 private:
  std::pair<boost::asio::ip::tcp::socket, int> pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::runtime_error("no socket pair");
    return {boost::asio::ip::tcp::socket(io, boost::asio::ip::tcp::v4(), ends[0]), ends[1]};
  }
  static boost::asio::awaitable<void> serve(std::shared_ptr<Session> session) { co_await session->run(); }

  std::shared_ptr<const actors::Endpoint> endpoint(const config::Provider& provider) {
    auto key = std::make_shared<actors::KeyInfo>();
    key->id = provider.name + "/" + provider.keys.front().name;
    key->index = static_cast<std::uint32_t>(endpoints_.size());
    key->key = provider.keys.front();
    key->provider = std::make_shared<const config::Provider>(provider);
    auto made = std::make_shared<actors::Endpoint>();
    made->index = key->index;
    made->key = std::move(key);
    made->alias = "smart";
    made->model = "gpt-4o";
    return made;
  }

  std::vector<std::shared_ptr<const actors::Endpoint>> endpoints_;
  actors::PermitId permits_ = 0;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::string http_request(const std::string& head, const std::string& body = {}) {
  return head + "\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
inline std::string chat_request(const std::string& more = {}) {
  return http_request("POST /v1/chat/completions HTTP/1.1",
                      R"({"model":"smart","messages":[{"role":"user","content":"hi"}])" + more + "}");
}
/// The request with more lines in its head.
inline std::string with_head(std::string request, const std::string& lines) {
  return request.insert(request.find("Host: x"), lines);
}
inline std::string chat_as(const std::string& key, const std::string& more = {}) {
  return with_head(chat_request(more), "Authorization: Bearer " + key + "\r\n");
}
inline std::string answer(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\ncontent-type: application/json\r\n" + headers +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
inline std::string completion() {
  return answer(200,
                R"({"id":"c","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,)"
                R"("finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}],)"
                R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})");
}
inline std::string chunk(const std::string& data) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string size;
  for (auto left = data.size(); left > 0; left /= 16) size.insert(size.begin(), kHex[left % 16]);
  return size + "\r\n" + data + "\r\n";
}
inline std::string stream_head() {
  return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
}
inline std::string delta(const std::string& text) {
  return chunk(R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[)"
               R"({"index":0,"delta":{"content":")" +
               text + "\"},\"finish_reason\":null}]}\n\n");
}
inline std::string stream_end() {
  return chunk(R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[)"
               R"({"index":0,"delta":{},"finish_reason":"stop"}]})"
               "\n\n") +
         chunk(
             R"(data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[],)"
             R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})"
             "\n\n") +
         chunk("data: [DONE]\n\n") + "0\r\n\r\n";
}

}  // namespace troupe::api::testing
