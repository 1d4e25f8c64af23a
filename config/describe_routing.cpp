// Who is called, and how a call is placed: providers, keys, models, tenants; the file as a whole.
#include "config/describe.hpp"

namespace troupe::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kMost = 1'000'000'000'000;
constexpr auto kName = [](const auto& row) { return row.name; };
constexpr auto kNameless = [](const auto& /*row*/) { return std::string(); };

}  // namespace

void describe(Walker& w, Target& it) {
  w.value(required({"use", "The provider and its name for the model: provider/model."}), Use{&it});
  auto key = it.key.value_or("");
  w.value(absent("any", {"key", "Only this key of the provider.", "less capacity"}), Text{&key});
  if (!key.empty()) it.key = key;
  w.value({"weight", "Its part of the traffic within the tier; 0 gets none."},
          Real{&it.weight, 0, 1'000'000});
  whole(w, {"tier", "Lower first; a higher tier only when the lower has nothing available."}, it.tier, 1,
        100);
  w.value(absent("the catalogue's", {"input_price", "Price of input tokens, instead of the catalogue's."}),
          Price{&it.input_price});
  w.value(absent("the catalogue's", {"output_price", "Price of output tokens, instead of the catalogue's."}),
          Price{&it.output_price});
  const auto tokens = [&](std::string_view name, std::string_view what, std::int64_t& at) {
    w.value(absent("the catalogue's", {name, what}), Whole{&at, 0, kMost});
  };
  tokens("context_window", "Tokens that the model takes; longer prompts are sent to others.",
         it.context_window);
  tokens("max_output", "Tokens that the model writes at most.", it.max_output);
  const auto abilities = [&](std::string_view name, std::string_view what, std::vector<std::string>& at) {
    w.value(absent("the catalogue's", {name, what}),
            Texts{&at, {"vision", "tools", "json_schema", "reasoning"}});
  };
  abilities("can", "What the model can do, whatever the catalogue says.", it.can);
  abilities("cannot", "What it cannot do; requests that need it are sent to others.", it.cannot);
}

void describe(Walker& w, Retry& it) {
  whole(w, {"attempts", "Calls in all, the first included.", "load and money when a provider fails"},
        it.attempts, 1, 20);
  w.value({"budget", "Retries may be at most this share of requests.",
           "load on providers that are failing already"},
          Share{&it.budget});
  w.value({"on", "What is tried again elsewhere."},
          Texts{&it.on, {"rate_limited", "overloaded", "server_error", "timeout", "connect"}});
  w.value({"backoff", "First pause before the same endpoint again; doubles, full jitter.", "slower recovery"},
          Span{&it.backoff, milliseconds(0), minutes(1)});
  w.value({"backoff_max", "Longest pause before the same endpoint again.", "slower recovery"},
          Span{&it.backoff_max, milliseconds(0), minutes(10)});
}

void describe(Walker& w, Timeouts& it) {
  w.value({"connect", "TCP and TLS to the provider.", "a dead provider is noticed later"},
          Span{&it.connect, milliseconds(10), minutes(10)});
  w.value({"first_token", "From the call to its first token.", "a stuck provider is noticed later"},
          Span{&it.first_token, milliseconds(10), hours(24)});
  w.value({"idle", "Between two pieces of a stream.", "a stalled stream is noticed later"},
          Span{&it.idle, milliseconds(10), hours(24)});
  w.value({"total", "The whole request with its retries.", "requests hold connections and permits longer"},
          Span{&it.total, milliseconds(10), hours(24)});
}

void describe(Walker& w, Hedge& it) {
  w.value({"after", "Start a second call after so long without a token: p95 (rolling) or a duration.",
           "lower: more calls are paid twice"},
          HedgeAfter{&it});
  w.value(
      {"max", "Hedged calls may be at most this share of requests.", "money: a hedged call is paid twice"},
      Share{&it.max});
}

void describe(Walker& w, Queue& it) {
  w.value({"max_wait", "How long a request may wait for a key to have room; then 429 with retry-after.",
           "callers wait longer"},
          Span{&it.max_wait, seconds(0), hours(1)});
  whole(w,
        {"max_length", "Waiting requests per model; more are answered 429 at once.",
         "memory: one request each"},
        it.max_length, 0, 1'000'000);
}

void describe(Walker& w, Limits& it) {
  const auto limit = [&](std::string_view name, std::string_view what, std::int64_t& at) {
    w.value(absent("none", {name, what, "above the provider's real limit: 429 answers"}),
            Whole{&at, 0, kMost});
  };
  limit("rpm", "Requests in any 60 s; 0 is none.", it.rpm);
  limit("tpm", "Tokens (input and output) in any 60 s; 0 is none.", it.tpm);
  limit("itpm", "Input tokens in any 60 s; 0 is none.", it.itpm);
  limit("otpm", "Output tokens in any 60 s; 0 is none.", it.otpm);
  limit("rpd", "Requests in any 24 h; 0 is none.", it.rpd);
  limit("tpd", "Tokens in any 24 h; 0 is none.", it.tpd);
  limit("concurrency", "Calls at the same time; 0 is none.", it.concurrency);
}

void describe(Walker& w, Key& it) {
  w.value(required({"name", "Its name in logs, metrics and x-troupe-key."}), Text{&it.name});
  w.value(absent("none: for servers that ask for no key", {"secret", "The provider's API key."}),
          Hidden{&it.secret});
  w.value(absent("none", {"access_key_id", "bedrock: an AWS access key; its secret half is `secret`."}),
          Text{&it.access_key_id});
  w.value(absent("none", {"session_token", "bedrock: of a temporary access key."}),
          Hidden{&it.session_token});
  w.value(absent("AWS' usual chain", {"profile", "bedrock: a profile of AWS' configuration files."}),
          Text{&it.profile});
  w.value({"weight", "Its part of the provider's traffic."}, Real{&it.weight, 0, 1'000'000});
  section(w, {"limits", "What the provider allows this key."}, it.limits);
}

void describe(Walker& w, MockBehaviour& it) {
  w.value({"ttft", "Mock: time to the first token."}, Span{&it.ttft, seconds(0), hours(1)});
  w.value({"tokens_per_second", "Mock: speed after the first token."},
          Real{&it.tokens_per_second, 0.001, 1e9});
  whole(w, {"tokens", "Mock: length of an answer."}, it.tokens, 0, 1'000'000);
  w.value({"error_rate", "Mock: share answered 500."}, Share{&it.error_rate});
  w.value({"overload_rate", "Mock: share answered 503 or 529."}, Share{&it.overload_rate});
  w.value({"rate_limit_rate", "Mock: share answered 429 with headers."}, Share{&it.rate_limit_rate});
  w.value({"cut_rate", "Mock: share of streams whose connection is closed inside."}, Share{&it.cut_rate});
  w.value({"stall_rate", "Mock: share of streams that stop without closing."}, Share{&it.stall_rate});
  w.value({"malformed_rate", "Mock: share of streams with a frame that is no JSON."},
          Share{&it.malformed_rate});
  whole(w, {"seed", "Mock: the same seed misbehaves the same way."}, it.seed, 0, kMost);
}

void describe(Walker& w, Provider& it) {
  choice(w, required({"type", "The shape of its API; openai for everything that is compatible."}), it.type,
         {"openai", "anthropic", "mock", "azure", "mistral", "groq", "cerebras", "deepseek", "openrouter",
          "together", "xai", "vllm", "ollama", "gemini", "bedrock", "cohere", "vertex"});
  w.value(absent("the vendor's own",
                 {"base_url",
                  "Where its API lives, up to and with /v1 for openai; ollama: with /v1 it is "
                  "spoken to as OpenAI's, else natively.",
                  "http: keys travel in the clear"}),
          Text{&it.base_url, TextKind::url});
  table(w, {"keys", "Its API keys; each has its own limits and breaker."}, false, it.keys, kName);
  w.value(absent("none", {"headers", "Sent with every call (OpenAI-Organization and the like)."}),
          Headers{&it.headers});
  w.value(absent("HTTPS_PROXY and NO_PROXY", {"proxy", "HTTP proxy to CONNECT through.", "latency"}),
          Text{&it.proxy, TextKind::proxy});
  w.value(absent("the system's", {"ca_file", "PEM bundle to trust instead of the system's."}),
          Text{&it.ca_file, TextKind::path});
  whole(
      w,
      {"max_idle_connections", "Kept-open upstream connections per I/O thread.", "file descriptors, memory"},
      it.max_idle_connections, 0, 100'000);
  w.value(
      absent("v1", {"api_version", "azure: of the classic API with deployments in its paths; absent is v1."}),
      Text{&it.api_version});
  w.value(absent("none", {"region", "bedrock, vertex: where its models run, as eu-central-1 or global."}),
          Text{&it.region});
  w.value(absent("none", {"project", "vertex: the Google Cloud project."}), Text{&it.project});
  if (it.type == ProviderType::mock || w.everything()) describe(w, it.mock);
}

void describe(Walker& w, Model& it) {
  choice(w, {"strategy", "How a target is picked; sticky keeps a caller on one endpoint."}, it.strategy,
         {"priority", "weighted", "headroom", "least_latency", "least_busy", "cheapest", "sticky"});
  table(w, required({"targets", "Where requests for this alias may go."}), false, it.targets, kNameless);
  w.value(absent("none", {"fallbacks", "Other aliases, in order, when no target of this one can answer.",
                          "another model answers"}),
          Texts{&it.fallbacks, {}});
  section(w, {"retry", "Other attempts before the first byte went to the caller."}, it.retry);
  section(w, {"timeout", "How long what may take."}, it.timeout);
  optional_section(w, absent("off", {"hedge", "A second call when the first is slow.", "money"}), it.hedge);
  section(w, {"queue", "Waiting for room."}, it.queue);
  w.value({"adaptive_weights",
           "Success raises a target's weight by 5 % up to 2x, failure halves it down to 0.1x.",
           "traffic drifts from the configured weights"},
          Flag{&it.adaptive_weights});
  w.value({"drop_params",
           "Leave out parameters that a target's API cannot honour, instead of refusing the request.",
           "answers that ignore a parameter"},
          Flag{&it.drop_params});
  w.value({"cache", "Whether its answers may come from a cache, where one is configured."}, Flag{&it.cache});
  choice(w,
         {"sticky_by", "Who stays with one endpoint under strategy sticky; nobody does when it has no room."},
         it.sticky_by, {"tenant", "user", "conversation"});
  optional_section(
      w, absent("off", {"mirror", "A part of the requests is also sent elsewhere, for comparison.", "money"}),
      it.mirror);
}

void describe(Walker& w, Route& it) {
  w.value(required({"when", "A condition in a subset of CEL: task == \"code\" && input_tokens < 500."}),
          Text{&it.when});
  w.value(required({"to", "The alias that answers."}), Text{&it.to});
}

void describe(Walker& w, Task& it) {
  w.value(required({"words", "Lower-case words that speak for it."}), Texts{&it.words, {}});
}

void describe(Walker& w, Config& it) {
  std::int64_t version = 1;
  w.value(required({"version", "Of this format: 1."}), Whole{&version, 1, 1});
  section(w, {"server", "The node's ports and limits."}, it.server);
  optional_section(
      w,
      restart(absent("off: this node counts for itself",
                     {"cluster", "Nodes that share every limit; what is here needs a restart."})),
      it.cluster);
  table(w, required({"providers", "Who answers; the names are yours."}), true, it.providers, kName);
  section(w, {"breaker", "When a key is left alone, and when it is tried again."}, it.breaker);
  optional_section(
      w,
      absent("off", {"probes", "Active health checks: tiny calls to keys whose breaker is open or dead.",
                     "money: each is a real call"}),
      it.probes);
  table(w, {"models", "The names that clients ask for."}, true, it.models, kName);
  table(w, {"tenants", "Who pays: virtual keys, allowed models, limits."}, true, it.tenants, kName);
  table(w, {"budgets", "Budgets across tenants, keys, users, tags and models; needs store.path."}, false,
        it.budgets, kName);
  section(w, {"telemetry", "Log and access log."}, it.telemetry);
  section(w, {"store", "What the node keeps on disk."}, it.store);
  table(w, {"routing", "Rules over what is asked; the first whose condition holds decides the alias."}, false,
        it.routing, kNameless);
  table(w,
        absent("code, summarize, translate, extract, reasoning",
               {"tasks", "What the classifier knows, where x-troupe-task is absent; else \"chat\"."}),
        true, it.tasks, kName);
  optional_section(
      w,
      absent("the built-in one", {"classifier", "A service that says which task a request is.", "latency"}),
      it.classifier);
  section(w, {"cache", "Answers that are given again."}, it.cache);
  section(w, {"batches", "/v1/files and /v1/batches; needs store.path."}, it.batches);
}

}  // namespace troupe::config
