#include "app/cli/verbs.hpp"

#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "app/cli/batch_run.hpp"
#include "app/cli/budgets.hpp"
#include "app/cli/chat.hpp"
#include "app/cli/cluster_verbs.hpp"
#include "app/cli/completion.hpp"
#include "app/cli/config_verbs.hpp"
#include "app/cli/inspect.hpp"
#include "app/cli/key_verbs.hpp"
#include "app/cli/mock_verb.hpp"
#include "app/cli/tokens_verb.hpp"
#include "app/cli/top.hpp"
#include "config/nearest.hpp"
#include "core/time.hpp"

namespace troupe::cli {
namespace {

CLI::App* verb(CLI::App& app, const std::string& name, const std::string& what) {
  return app.add_subcommand(name, what)->fallthrough();
}

/// The verb's function sets the exit code when the verb is chosen.
template <class Run>
void runs(CLI::App* app, Context& context, Run run) {
  app->callback([&context, run] { context.exit_code = run(); });
}

void add_globals(CLI::App& app, Globals& to) {
  app.add_option("--admin", to.admin, "Admin port of the node")
      ->envname("TROUPE_ADMIN")
      ->capture_default_str();
  app.add_option("--api", to.api, "API port of the node")->envname("TROUPE_API")->capture_default_str();
  app.add_option("--token", to.token, "Admin token")->envname("TROUPE_ADMIN_TOKEN");
  app.add_option("--timeout", to.timeout, "How long to wait for the node")->capture_default_str();
  app.add_flag("--json", to.json, "JSON instead of tables");
  app.add_flag("--no-color", to.no_color, "No colours (NO_COLOR does the same)");
  app.add_flag("-q,--quiet", to.quiet, "Only what was asked for");
  app.add_flag("-v,--verbose", to.verbose, "More, on standard error");
}

void add_chat(CLI::App& app, Context& context) {
  auto to = std::make_shared<ChatOptions>();
  auto* chat = verb(app, "chat", "Send one message and print the answer");
  chat->add_option("prompt", to->prompt, "The message; - reads it from standard input")->required();
  chat->add_option("-m,--model", to->model, "Alias or provider/model; the node's first without it");
  chat->add_option("-s,--system", to->system, "System prompt");
  chat->add_option("-k,--key", to->key, "Virtual key")->envname("TROUPE_API_KEY");
  chat->add_flag("--stream", to->stream, "Print tokens as they come");
  runs(chat, context, [&context, to] { return run_chat(context, *to); });
  auto key = std::make_shared<std::string>();
  auto* models = verb(app, "models", "What clients can ask for");
  models->add_option("-k,--key", *key, "Virtual key")->envname("TROUPE_API_KEY");
  runs(models, context, [&context, key] { return run_models(context, *key); });
}

void add_mock_rates(CLI::App& mock, MockOptions& to) {
  const CLI::Range share(0.0, 1.0);
  mock.add_option("--error-rate", to.error_rate, "Share of calls answered with 500")->check(share);
  mock.add_option("--overload-rate", to.overload_rate, "Share answered with 503 (Anthropic: 529)")
      ->check(share);
  mock.add_option("--rate-limit-rate", to.rate_limit_rate, "Share answered with 429")->check(share);
  mock.add_option("--cut-rate", to.cut_rate, "Share whose connection breaks inside the answer")->check(share);
  mock.add_option("--stall-rate", to.stall_rate, "Share that stop inside the answer")->check(share);
  mock.add_option("--malformed-rate", to.malformed_rate, "Share with a frame that is no JSON")->check(share);
}

void add_mock(CLI::App& app, Context& context) {
  auto to = std::make_shared<MockOptions>();
  auto* mock = verb(app, "mock", "A stand-alone provider that misbehaves on demand");
  mock->add_option("--listen", to->listen, "host:port; port 0 picks a free one")->capture_default_str();
  mock->add_option("--ttft", to->ttft, "Time to the first token")->capture_default_str();
  mock->add_option("--tps", to->tps, "Tokens per second; 0 = all at once")->capture_default_str();
  mock->add_option("--tokens", to->tokens, "Length of an answer")->capture_default_str();
  add_mock_rates(*mock, *to);
  mock->add_option("--rpm", to->rpm, "Requests per minute of each key; 0 = no limit");
  mock->add_option("--tpm", to->tpm, "Input tokens per minute of each key; 0 = no limit");
  mock->add_option("--concurrency", to->concurrency, "Calls at once of each key; 0 = no limit");
  mock->add_option("--limit", to->limits, "KEY:RPM for one key")->allow_extra_args(false);
  mock->add_option("--dead", to->dead, "A key that gets 401")->allow_extra_args(false);
  mock->add_option("--seed", to->seed, "The same seed gives the same run")->capture_default_str();
  runs(mock, context, [&context, to] { return run_mock(context, *to); });
}

void asks_nodes(CLI::App* verb, Context& context) {
  verb->add_option("--node", context.globals.node, "all: every node of the cluster; or the name of one");
}

void add_costs(CLI::App& app, Context& context) {
  struct Options {
    std::string by = "provider", from, to;
    int days = 30;
  };
  auto asked = std::make_shared<Options>();
  auto* costs = verb(app, "costs", "What was spent, by whom and for what");
  costs->add_option("--by", asked->by, "provider, model, tenant, key, user, tag or day")
      ->check(CLI::IsMember({"provider", "model", "tenant", "key", "user", "tag", "day"}))
      ->capture_default_str();
  costs->add_option("--days", asked->days, "So many days back")
      ->check(CLI::Range(1, 400))
      ->capture_default_str();
  costs->add_option("--from", asked->from, "From that day on, as 2026-11-01");
  costs->add_option("--to", asked->to, "Up to that day, as 2026-11-30");
  runs(costs, context, [&context, asked] {
    auto query = "?node=all&by=" + asked->by + "&days=" + std::to_string(asked->days);
    if (!asked->from.empty()) query += "&from=" + asked->from;
    if (!asked->to.empty()) query += "&to=" + asked->to;
    return run_costs(context, query);
  });
}

void add_actors(CLI::App& app, Context& context) {
  struct Options {
    std::string sort, type;
  };
  auto to = std::make_shared<Options>();
  auto* actors = verb(app, "actors", "Every actor of the node");
  actors->add_option("--sort", to->sort, "A column, for example busy_pct, messages, mailbox");
  actors->add_option("--type", to->type, "Only these: key, router, line, supervisor ...");
  asks_nodes(actors, context);
  runs(actors, context, [&context, to] { return run_actors(context, to->sort, to->type); });
  auto* keys = verb(app, "keys", "Provider keys: windows, breaker, latency; and virtual keys, by its verbs");
  asks_nodes(keys, context);
  runs(keys, context, [&context, chosen = add_key_verbs(*keys, context)] {
    const auto code = chosen();
    return code ? *code : run_keys(context);
  });
  auto* providers = verb(app, "providers", "Providers and their usable keys");
  asks_nodes(providers, context);
  runs(providers, context, [&context] { return run_providers(context); });
  runs(verb(app, "budgets", "What everybody has spent of their budgets, on all nodes together"), context,
       [&context] { return run_budgets(context); });
  add_costs(app, context);
  runs(verb(app, "top", "A live screen of the node"), context, [&context] { return run_top(context); });
}

void add_requests(CLI::App& app, Context& context) {
  auto limit = std::make_shared<int>(50);
  auto* requests = verb(app, "requests", "Recent requests, newest first");
  requests->add_option("--limit", *limit, "How many")->check(CLI::Range(1, 5000))->capture_default_str();
  asks_nodes(requests, context);
  auto id = std::make_shared<std::string>();
  auto* show = verb(*requests, "show", "One request with its timeline");
  show->add_option("id", *id, "Its x-request-id")->required();
  runs(requests, context, [&context, limit, id, show] {
    return show->parsed() ? run_request(context, *id) : run_requests(context, *limit);
  });
}

void add_route(CLI::App& app, Context& context) {
  struct Options {
    std::string model, body;
  };
  auto to = std::make_shared<Options>();
  auto* route = verb(app, "route", "Routing")->require_subcommand(1);
  auto* explain = verb(*route, "explain", "A dry run: every candidate, its score, why it was rejected");
  explain->add_option("-m,--model", to->model, "Alias or provider/model");
  explain->add_option("--body", to->body, "A chat completion request; - reads standard input");
  runs(explain, context, [&context, to] { return run_explain(context, to->model, to->body); });
  runs(verb(app, "drain", "Fail /readyz and close idle connections; what comes is still served"), context,
       [&context] { return run_drain(context, true); });
  runs(verb(app, "undrain", "Take requests again"), context,
       [&context] { return run_drain(context, false); });
}

void add_config(CLI::App& app, Context& context) {
  auto file = std::make_shared<std::string>();
  auto* config = verb(app, "config", "The node's configuration")->require_subcommand(1);
  runs(verb(*config, "show", "What is in force, secrets as ***"), context,
       [&context] { return run_config_show(context); });
  auto* diff = verb(*config, "diff", "What a file would change");
  diff->add_option("file", *file, "The file")->required();
  runs(diff, context, [&context, file] { return run_config_diff(context, *file); });
  auto everywhere = std::make_shared<bool>(false);
  auto* reload = verb(*config, "reload", "Load the node's file again, or keep the old one and say why");
  reload->add_flag("--cluster", *everywhere,
                   "Every node its own file, the same configuration on all or on none");
  runs(reload, context, [&context, everywhere] { return run_config_reload(context, *everywhere); });
  auto* validate = verb(*config, "validate", "Would the node take this file?");
  validate->add_option("file", *file, "The file; - reads standard input")->required();
  runs(validate, context, [&context, file] { return run_config_validate(context, *file); });
  runs(verb(*config, "schema", "JSON Schema of the file, for editors"), context,
       [&context] { return run_config_schema(context); });
}

void add_cluster(CLI::App& app, Context& context) {
  struct Options {
    std::string dir = "tls";
    std::vector<std::string> names;
  };
  auto* cluster = verb(app, "cluster", "The nodes that share the limits")->require_subcommand(1);
  runs(verb(*cluster, "members", "Every node: state, role, link"), context,
       [&context] { return run_members(context); });
  auto* shares = verb(*cluster, "shares", "Who holds which part of each limit");
  asks_nodes(shares, context);
  runs(shares, context, [&context] { return run_shares(context); });
  runs(verb(*cluster, "drain", "Fail /readyz, so that the balancer looks elsewhere"), context,
       [&context] { return run_drain(context, true); });
  runs(verb(*cluster, "undrain", "Take requests again"), context,
       [&context] { return run_drain(context, false); });
  runs(verb(*cluster, "leave", "Drain, and say how to end the process"), context,
       [&context] { return run_leave(context); });
  auto to = std::make_shared<Options>();
  auto* certs = verb(*cluster, "certs", "Make the certificates of nodes, and the authority where none is");
  certs->add_option("--dir", to->dir, "Where the files are, or go")->capture_default_str();
  certs->add_option("names", to->names, "Names of nodes, as in cluster.node")->required();
  runs(certs, context,
       [&context, to] { return run_certs(context, to->dir, to->names, real_clock().wall()); });
}

void add_check(CLI::App& app, Context& context) {
  struct Options {
    std::string file;
    bool explain = false;
  };
  auto to = std::make_shared<Options>();
  auto* check = verb(app, "check-config", "Check a file: every problem with line and column");
  check->add_option("file", to->file, "The file")->required();
  check->add_flag("--explain", to->explain, "Say what it means");
  runs(check, context, [&context, to] { return run_check_config(context, to->file, to->explain); });
  runs(verb(app, "init", "Print a commented configuration to begin with"), context,
       [&context] { return run_init(context); });
}

int print_version(const Context& context) {
  if (!print_json(context, {{"version", context.version}}))
    *context.out << "troupe " << context.version << "\n";
  return done;
}

void add_tokens(CLI::App& app, Context& context) {
  auto to = std::make_shared<TokensOptions>();
  auto* tokens = verb(app, "tokens", "What a text costs in tokens")->require_subcommand(1);
  auto* count = verb(*tokens, "count", "Count a file's tokens, exactly for OpenAI's models");
  count->add_option("-m,--model", to->model, "The provider's name for the model")->capture_default_str();
  count->add_option("--encoding", to->encoding,
                    "o200k_base, cl100k_base, p50k_base or r50k_base, whatever the model");
  count
      ->add_option("--vocabularies", to->directory,
                   "Where deploy/tokens put them; else looked for near the binary")
      ->envname("TROUPE_TOKENS");
  count->add_flag("--chat", to->chat, "The files are chat completion requests");
  count->add_option("file", to->files, "Files; - is standard input, and so is none");
  runs(count, context, [&context, to] { return run_tokens_count(context, *to); });
}

void add_batch(CLI::App& app, Context& context) {
  auto to = std::make_shared<BatchOptions>();
  auto* batch = verb(app, "batch", "Many requests from a file")->require_subcommand(1);
  auto* run =
      verb(*batch, "run", "Send the lines of an OpenAI batch file to the node, on the room others leave");
  run->add_option("file", to->file, "JSON lines with custom_id, method, url and body")->required();
  run->add_option("-o,--out", to->out, "The answers, in the file's order; FILE.out without it");
  run->add_flag("--resume", to->resume, "Go on where an earlier run stopped: no finished line is sent again");
  run->add_option("--concurrency", to->concurrency, "Requests at once; fewer while the node has no room")
      ->check(CLI::Range(1, 512))
      ->capture_default_str();
  run->add_option("-m,--model", to->model, "Instead of the model that the lines name");
  run->add_option("--wait", to->wait, "A line that is told to wait for longer has failed")
      ->capture_default_str();
  run->add_option("-k,--key", to->key, "Virtual key")->envname("TROUPE_API_KEY");
  runs(run, context, [&context, to] { return run_batch(context, *to); });
}

void add_about(CLI::App& app, Context& context) {
  runs(verb(app, "version", "What this binary is"), context, [&context] { return print_version(context); });
  auto shell = std::make_shared<std::string>();
  auto* complete = verb(app, "completion", "Completion script for a shell");
  complete->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  runs(complete, context, [&app, &context, shell] {
    *context.out << completion(app, *shell);
    return static_cast<int>(done);
  });
}

/// What to say of a word that stands where a verb should; "" when there is none. CLI11 itself says only that
/// a verb is missing.
std::string unknown_verb(const CLI::App& app) {
  const auto words = app.remaining(true);
  if (words.empty() || words.front().starts_with('-')) return "";
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  std::vector<std::string> names;
  for (const auto* verb : at->get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  if (names.empty()) return "";
  const auto meant = config::nearest(words.front(), names);
  return "troupe: there is no command \"" + words.front() + "\"" +
         (meant.empty() ? "" : " (did you mean \"" + meant + "\"?)") + "; troupe --help lists them\n";
}

}  // namespace

void register_verbs(CLI::App& app, Context& context) {
  app.require_subcommand(1);
  add_globals(app, context.globals);
  add_chat(app, context);
  add_actors(app, context);
  add_requests(app, context);
  add_route(app, context);
  add_cluster(app, context);
  add_check(app, context);
  add_config(app, context);
  add_mock(app, context);
  add_tokens(app, context);
  add_batch(app, context);
  add_about(app, context);
}

int run(CLI::App& app, int argc, const char* const* argv, Context& context) {
  if (!context.out) adopt_process(context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    if (stop.get_name() == "RequiredError") {
      if (const auto words = unknown_verb(app); !words.empty()) {
        *context.err << words;
        return usage;
      }
    }
    // CLI11 prints help and mistakes itself; its own codes are no part of our contract.
    return app.exit(stop, *context.out, *context.err) == 0 ? static_cast<int>(done) : static_cast<int>(usage);
  }
  return context.exit_code;
}

}  // namespace troupe::cli
