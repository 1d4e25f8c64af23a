// The node itself: addresses, limits, breaker, probes, telemetry.
#include "config/describe.hpp"

namespace troupe::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The `log` section of telemetry.
void describe_log(Walker& w, Telemetry& it) {
  choice_of_text(w, restart({"level", "The least level that is written.", "debug: disk and CPU"}),
                 it.log_level, {"debug", "info", "warn", "error", "off"});
  choice_of_text(w, restart({"format", "One JSON object or one line of text per event."}), it.log_format,
                 {"json", "text"});
  w.value(restart(absent("standard error", {"file", "Where the log goes.", "disk; rotate it from outside"})),
          Text{&it.log_file, TextKind::path});
  std::string bodies = "off";
  choice_of_text(w, {"bodies", "Prompts and answers in the log: never, in this version."}, bodies, {"off"});
}

}  // namespace

void describe(Walker& w, ServerLimits& it) {
  w.value({"body", "Largest request body; a longer one is answered 413.", "memory: one body per request"},
          Size{&it.body, 1 << 10, 1LL << 30});
  w.value({"header", "Largest request head; a longer one is answered 431.", "memory per connection"},
          Size{&it.header, 1 << 10, 1 << 20});
  whole(w,
        {"connections", "Open client connections; more are closed at accept.",
         "a file descriptor and about 10 KiB each"},
        it.connections, 1, 1'000'000);
  w.value({"idle", "How long a kept-alive connection may wait for its next request.",
           "idle clients hold connections longer"},
          Span{&it.idle, seconds(1), hours(1)});
  w.value({"header_timeout", "From a request's first byte to the end of its head; later is 408.",
           "slow clients hold connections longer"},
          Span{&it.header_timeout, milliseconds(100), minutes(10)});
  w.value({"body_timeout", "A request body that makes no progress for so long is answered 408.",
           "slow clients hold connections longer"},
          Span{&it.body_timeout, milliseconds(100), minutes(10)});
  w.value({"write_timeout", "A client that takes no byte for so long is closed and its call cancelled.",
           "stuck clients hold upstream calls, which cost money, longer"},
          Span{&it.write_timeout, milliseconds(100), minutes(10)});
}

void describe(Walker& w, TlsFiles& it) {
  w.value(required(restart({"cert", "Certificate chain, PEM."})), Text{&it.cert, TextKind::path});
  w.value(required(restart({"key", "Private key, PEM."})), Text{&it.key, TextKind::path});
}

void choice_of_text(Walker& walker, const Knob& knob, std::string& at, std::vector<std::string> names) {
  std::size_t index = 0;
  while (index + 1 < names.size() && names[index] != at) ++index;
  walker.value(knob, Choice{&index, names, {}});
  at = names[index];
}

void describe(Walker& w, Server& it) {
  w.value(restart({"listen", "Address of the API port.", "beyond loopback, tenants with keys are required"}),
          Text{&it.listen, TextKind::address});
  w.value(restart({"admin", "Address of the admin port.", "beyond loopback, admin_token is required"}),
          Text{&it.admin, TextKind::address});
  w.value(absent("none: the admin port must be on loopback",
                 {"admin_token", "Bearer token that the admin port asks for."}),
          Hidden{&it.admin_token, true});
  optional_section(
      w, restart(absent("off", {"tls", "HTTPS on the API port.", "about 1 ms CPU per handshake"})), it.tls);
  w.value({"drain_timeout", "How long requests in flight may take to end after SIGTERM.", "slower restarts"},
          Span{&it.drain_timeout, seconds(0), hours(1)});
  section(w, {"limits", "What one client may take."}, it.limits);
  whole(w, restart({"threads", "I/O threads; 0 is one per core.", "memory: each has its own upstream pools"}),
        it.threads, 0, 1024);
}

void describe(Walker& w, Breaker& it) {
  whole(w, {"failures", "Consecutive failures that open it.", "more calls wasted on a dead key"}, it.failures,
        1, 10'000);
  w.value({"error_rate", "Share of failures over `window` that opens it.",
           "more failed attempts before it opens"},
          Share{&it.error_rate});
  whole(w,
        {"min_requests", "Calls in `window` before error_rate counts.", "a quiet key's breaker reacts later"},
        it.min_requests, 1, 1'000'000);
  w.value({"window", "What error_rate looks back on.", "slower to react, slower to forget"},
          Span{&it.window, seconds(1), hours(1)});
  w.value({"cooldown", "First wait before a half-open probe; doubles with jitter at each failed one.",
           "a recovered key is used later"},
          Span{&it.cooldown, milliseconds(10), hours(1)});
  w.value({"cooldown_max", "Longest wait before a half-open probe.", "a recovered key is used later"},
          Span{&it.cooldown_max, milliseconds(10), hours(24)});
  whole(w, {"half_open_probes", "Successful probes that close it.", "slower recovery"}, it.half_open_probes,
        1, 1000);
  w.value(
      {"ramp", "After closing, the key's weight grows from 10 % to 100 % over so long.", "slower recovery"},
      Span{&it.ramp, seconds(0), hours(1)});
  choice(w,
         {"when_all_open", "With every breaker open: answer 503, or try the least bad key.",
          "try_least_bad sends load to failing providers"},
         it.when_all_open, {"fail", "try_least_bad"});
}

void describe(Walker& w, Probes& it) {
  w.value(required({"every", "Pause between two health checks of one key, +-20 %.",
                    "lower costs money: each is a real call"}),
          Span{&it.every, seconds(1), hours(24)});
  w.value({"prompt", "What the health check asks.", "tokens"}, Text{&it.prompt});
  w.value({"idle", "Also check healthy keys that nobody called for so long; else only keys that failed.",
           "money: a call per key and pause"},
          Flag{&it.idle});
}

void describe(Walker& w, Telemetry& it) {
  w.section({"log", "The event log."}, {[&it](Walker& inner) { describe_log(inner, it); }});
  w.value(
      {"access_log", "One event per request, with the route taken.", "about 400 bytes of disk per request"},
      Flag{&it.access_log});
  w.refuse("otlp", "scrape /metrics on the admin port");
}

void describe(Walker& w, Store& it) {
  w.value(
      restart(absent("nothing is kept",
                     {"path",
                      "A directory of this node's own, made where it is missing: when it last ran, so that "
                      "a cluster that starts knows whether its limits may have been used just before."})),
      Text{&it.path, TextKind::path});
  w.value(restart(absent(
              "none: they are kept in path",
              {"postgres", "postgresql://user:password@host/database: where all nodes keep virtual keys."})),
          Hidden{&it.postgres});
}

}  // namespace troupe::config
