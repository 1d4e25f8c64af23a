#pragma once
// What the operator said, parsed once into types. Every field has its default here; the manual of each (unit,
// price of raising it) is in config/manual.cpp. A limit of 0 or an absent one means "none".
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/cluster_config.hpp"
#include "config/governance.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::config {

using std::chrono::milliseconds;

struct ServerLimits {
  std::int64_t body = 20 << 20;              ///< bytes; more is 413
  std::int64_t header = 64 << 10;            ///< bytes; more is 431
  std::int64_t connections = 20000;          ///< more are closed at accept
  Duration idle = std::chrono::seconds(75);  ///< keep-alive wait between requests
  Duration header_timeout =
      std::chrono::seconds(10);                      ///< from first byte to the end of the head; later is 408
  Duration body_timeout = std::chrono::seconds(60);  ///< no progress on a request body for so long: 408
  Duration write_timeout = std::chrono::seconds(60);  ///< a client that takes no byte for so long is closed
};

struct TlsFiles {
  std::string cert, key;
};

struct Server {
  std::string listen = "127.0.0.1:8080";
  std::string admin = "127.0.0.1:9901";
  Secret admin_token;
  std::optional<TlsFiles> tls;
  Duration drain_timeout = std::chrono::seconds(30);
  ServerLimits limits;
  int threads = 0;  ///< I/O threads; 0 = one per core
};

struct Key {
  std::string name;
  Secret secret;              ///< empty: bedrock and vertex find a credential as their clouds' tools do
  std::string access_key_id;  ///< bedrock: AWS' access key, whose secret half is `secret`
  Secret session_token;       ///< bedrock: of a temporary access key
  std::string profile;        ///< bedrock: of AWS' configuration files
  double weight = 1;
  Limits limits;
  friend bool operator==(const Key&, const Key&) = default;
};

/// What the mock provider does (type: mock, and `troupe mock`). Rates are 0..1.
struct MockBehaviour {
  Duration ttft = std::chrono::milliseconds(50);
  double tokens_per_second = 80;
  std::int64_t tokens = 32;    ///< length of an answer
  double error_rate = 0;       ///< 500
  double overload_rate = 0;    ///< 529 / 503
  double rate_limit_rate = 0;  ///< 429 with headers
  double cut_rate = 0;         ///< connection closed inside the stream
  double stall_rate = 0;       ///< the stream stops without closing
  double malformed_rate = 0;   ///< a frame that is no JSON
  std::uint64_t seed = 1;
  friend bool operator==(const MockBehaviour&, const MockBehaviour&) = default;
};

enum class ProviderType : std::uint8_t {
  openai,
  anthropic,
  mock,
  azure,
  mistral,
  groq,
  cerebras,
  deepseek,
  openrouter,
  together,
  xai,
  vllm,
  ollama,
  gemini,
  bedrock,
  cohere,
  vertex,
};

/// Whether keys without a secret are looked for as the cloud's own tools do (files, environment, metadata).
constexpr bool finds_credentials(ProviderType type) {
  return type == ProviderType::bedrock || type == ProviderType::vertex;
}

struct Provider {
  std::string name;
  ProviderType type = ProviderType::openai;
  std::string base_url;  ///< empty: the type's own
  std::vector<Key> keys;
  std::map<std::string, std::string> headers;  ///< sent with every call (OpenAI-Organization ...)
  std::string proxy;    ///< http://[user:password@]host:port for CONNECT; empty: HTTPS_PROXY / NO_PROXY
                        ///< of the environment
  std::string ca_file;  ///< PEM bundle to trust instead of the system's
  std::int64_t max_idle_connections = 256;  ///< per I/O thread
  std::string region;                       ///< bedrock, vertex: where its models run
  std::string project;                      ///< vertex: the Google Cloud project
  std::string api_version;                  ///< azure: empty is the v1 API, which needs none
  MockBehaviour mock;
};

enum class WhenAllOpen : std::uint8_t { fail, try_least_bad };

struct Breaker {
  int failures = 5;         ///< consecutive, opens
  double error_rate = 0.5;  ///< over `window`, opens
  int min_requests = 20;    ///< before error_rate counts
  Duration window = std::chrono::seconds(60);
  Duration cooldown = std::chrono::seconds(30);
  Duration cooldown_max = std::chrono::minutes(10);
  int half_open_probes = 3;                  ///< successes that close it again
  Duration ramp = std::chrono::seconds(30);  ///< after closing, weight grows from 10 % to 100 % over so long
  WhenAllOpen when_all_open = WhenAllOpen::fail;
};

struct Probes {
  Duration every{0};
  std::string prompt = "ping";
  bool idle = false;  ///< also keys that are well, when nobody called them for `every`
};

enum class Strategy : std::uint8_t {
  priority,
  weighted,
  headroom,
  least_latency,
  least_busy,
  cheapest,
  sticky
};

struct Target {
  std::string provider, model;     ///< `use: provider/model`
  std::optional<std::string> key;  ///< only this key of the provider
  double weight = 1;
  int tier = 1;  ///< lower first; a higher tier only when the lower has nothing available
  std::optional<Money> input_price, output_price;  ///< per token; overrides the catalogue
  // What the catalogue does not know of the model, or has wrong; 0 and absent leave it as the catalogue says.
  std::int64_t context_window = 0, max_output = 0;  ///< tokens
  std::vector<std::string> can, cannot;             ///< vision, tools, json_schema, reasoning
};

struct Retry {
  int attempts = 3;     ///< calls in all, the first included
  double budget = 0.2;  ///< retries may be at most this share of requests
  std::vector<std::string> on{"rate_limited", "overloaded", "server_error", "timeout", "connect"};
  Duration backoff =
      std::chrono::milliseconds(100);  ///< first pause on the same endpoint; doubles, full jitter
  Duration backoff_max = std::chrono::seconds(5);
};

struct Timeouts {
  Duration connect = std::chrono::seconds(5);
  Duration first_token = std::chrono::seconds(60);
  Duration idle = std::chrono::seconds(60);
  Duration total = std::chrono::seconds(600);
};

struct Hedge {
  std::optional<Duration> after;  ///< absent with after_p95 = after the rolling p95 of the endpoint
  bool after_p95 = true;
  double max = 0.05;  ///< share of requests
};

struct Queue {
  Duration max_wait = std::chrono::seconds(5);
  std::int64_t max_length = 1000;
};

/// Who stays with one endpoint, so that its prompt cache stays warm.
enum class StickyBy : std::uint8_t {
  tenant,        ///< else the end user, else nobody
  user,          ///< of one tenant
  conversation,  ///< everything up to the first question
};

/// A part of the requests is also sent elsewhere; nobody waits for it and its answers are thrown away.
struct Mirror {
  std::string to;  ///< an alias
  double share = 0.01;
};

struct Model {
  std::string name;
  Strategy strategy = Strategy::headroom;
  std::vector<Target> targets;
  std::vector<std::string> fallbacks;  ///< other aliases, in order
  Retry retry;
  Timeouts timeout;
  std::optional<Hedge> hedge;
  Queue queue;
  bool adaptive_weights = true;
  bool drop_params = false;  ///< parameters that a target cannot honour are left out instead of refused
  bool cache = true;         ///< whether its answers may come from a cache, where one is configured
  StickyBy sticky_by = StickyBy::tenant;  ///< with strategy sticky
  std::optional<Mirror> mirror;
};

/// Where a request goes that a condition holds for (config/rules says what conditions are).
struct Route {
  std::string when, to;  ///< `to`: an alias
};

/// A kind of work and the words that speak for it (config/rules/classify.hpp).
struct Task {
  std::string name;
  std::vector<std::string> words;
};

struct Telemetry {
  std::string log_level = "info";   ///< debug, info, warn, error, off
  std::string log_format = "json";  ///< json or text
  std::string log_file;             ///< empty: standard error
  bool access_log = true;
};

/// What the node keeps on disk.
struct Store {
  std::string path;  ///< a directory; empty: nothing is kept
  Secret postgres;   ///< postgresql://...; empty: virtual keys are kept in `path`
};

/// A whole configuration. Immutable once loaded; shared by everyone who routes by it.
struct Config {
  Server server;
  std::optional<ClusterConfig> cluster;  ///< absent: a node on its own
  std::vector<Provider> providers;
  Breaker breaker;
  std::optional<Probes> probes;
  std::vector<Model> models;
  std::vector<Route> routing;  ///< the first that holds wins
  std::vector<Task> tasks;     ///< for the classifier; empty: the usual ones
  std::vector<Tenant>
      tenants;  ///< no tenant with keys: clients need no key, and the node binds loopback only
  std::vector<NamedBudget> budgets;
  std::optional<Classifier> classifier;
  Caches cache;
  Batches batches;
  Telemetry telemetry;
  Store store;
  std::string source;  ///< the file it came from; "environment" without one
};

}  // namespace troupe::config
