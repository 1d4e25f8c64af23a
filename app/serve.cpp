#include "app/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "app/node.hpp"
#include "app/signals.hpp"
#include "config/check_report.hpp"
#include "core/log.hpp"

namespace troupe::app {
namespace {

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warn") return log::Level::warn;
  if (name == "error") return log::Level::error;
  return name == "off" ? log::Level::off : log::Level::info;
}

void start_log(const config::Telemetry& telemetry, const std::string& asked) {
  const auto format = telemetry.log_format == "text" ? log::Format::text : log::Format::json;
  log::start(level_of(asked.empty() ? telemetry.log_level : asked), format, telemetry.log_file);
}

/// What a person at a terminal wants to see; programs read the log.
void greet(const config::Config& config, const NodeAddresses& at) {
  if (isatty(STDOUT_FILENO) == 0) return;
  std::string providers, models;
  for (const auto& p : config.providers) providers += (providers.empty() ? "" : ", ") + p.name;
  for (const auto& m : config.models) models += (models.empty() ? "" : ", ") + m.name;
  const std::string scheme = config.server.tls ? "https" : "http";
  fmt::print(
      "troupe is serving (configuration: {})\n\n  API        {}://{}/v1\n  dashboard  http://{}/\n  "
      "providers  {}\n  models     {}\n\n",
      config.source, scheme, at.api, at.admin, providers, models);
  fmt::print(
      "try  curl {}://{}/v1/chat/completions -d "
      "'{{\"model\":\"{}\",\"messages\":[{{\"role\":\"user\",\"content\":\"hi\"}}]}}'\n",
      scheme, at.api, config.models.empty() ? "mock/mock" : config.models.front().name);
  fmt::print("     export OPENAI_BASE_URL={}://{}/v1\n     troupe top\n\n", scheme, at.api);
  std::fflush(stdout);
}

config::LoadResult load(const NodeOptions& options) {
  return options.config_path.empty() ? config::load_environment(options.environment)
                                     : config::load_file(options.config_path, options.environment);
}

void live(Node& node, Signals& signals) {
  for (;;) {
    const int signal = signals.wait();
    if (signal == SIGHUP) {
      node.reload();
      continue;
    }
    return node.drain_and_stop([&signals] { return signals.end_asked(); });
  }
}

}  // namespace

int serve(const ServeOptions& options) {
  Signals signals;
  const NodeOptions node_options{options.config_path, config::real_environment()};
  const auto loaded = load(node_options);
  if (!loaded) {
    fmt::print(stderr, "{}",
               config::report_text(options.config_path.empty() ? "environment" : options.config_path,
                                   loaded.problems));
    return 3;
  }
  start_log(loaded.config->telemetry, options.log_level);
  for (const auto& w : loaded.warnings) {
    log::warn("config_warning").number("line", w.line).text("path", w.path).text("message", w.message);
  }
  auto node = Node::start(node_options, loaded.config);
  if (!node) {
    log::error("start_failed").text("message", node.error().message);
    log::stop();
    fmt::print(stderr, "troupe: {}\n", node.error().message);
    return 1;
  }
  const auto at = (*node)->addresses();
  log::info("listening").text("api", at.api).text("admin", at.admin).text("config", loaded.config->source);
  log::info("ready");
  greet(*loaded.config, at);
  live(**node, signals);
  node->reset();
  log::stop();
  return 0;
}

}  // namespace troupe::app
