#include "app/cli/key_verbs.hpp"

#include <fmt/format.h>

#include <CLI/Validators.hpp>
#include <array>
#include <memory>
#include <ostream>

#include "app/cli/looks.hpp"
#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

constexpr std::array kLimits{"rpm", "tpm", "itpm", "otpm", "rpd", "tpd", "concurrency"};

std::string joined(const Json& list) {
  std::string out;
  if (list.is_array())
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + item.get<std::string>();
  return out.empty() ? "-" : out;
}

/// "$50 a month", "$5 in any day".
std::string allowance(const Json& budget) {
  if (!budget.is_object()) return "-";
  const bool rolling = at(budget, "rolling").is_boolean() && at(budget, "rolling").get<bool>();
  return fmt::format("${} {} {}", at(budget, "usd").get<double>(), rolling ? "in any" : "a",
                     text(budget, "period"));
}

/// "env=prod, team=search", "rpm=60".
std::string pairs(const Json& object) {
  std::string out;
  if (object.is_object())
    for (const auto& [name, value] : object.items())
      out += (out.empty() ? "" : ", ") + name + "=" + text(object, name);
  return out.empty() ? "-" : out;
}

Paint paint_of(const std::string& state) {
  if (state == "active") return Paint::green;
  return state == "revoked" ? Paint::red : Paint::yellow;
}

/// 6 when a node does not know of it yet.
int show_change(const Context& context, const tl::expected<Answer, int>& told, const std::string& what) {
  if (!told) return told.error();
  const auto& body = told->body;
  const bool whole = at(body, "missing").empty();
  if (!print_json(context, body)) {
    if (context.globals.quiet && at(body, "secret").is_string())
      *context.out << text(body, "secret") << "\n";
    else if (!context.globals.quiet)
      *context.out << key_report(body, what, context.color());
  }
  return whole ? done : partly;
}

int create(const Context& context, const KeyWish& wish) {
  const auto body = key_body(wish);
  if (!body) return complain(context, usage, body.error());
  return show_change(context, ask_admin(context, "POST", "/virtual-keys", body->dump()), "made");
}

int change(const Context& context, const std::string& id, const std::string& act, const Json& body,
           const std::string& what) {
  return show_change(
      context, ask_admin(context, "POST", "/virtual-keys/" + encode(id) + "/" + act, body.dump()), what);
}

int list(const Context& context, const std::string& tenant) {
  const auto target = "/virtual-keys" + (tenant.empty() ? "" : "?tenant=" + encode(tenant));
  const auto told = ask_admin(context, "GET", of_node(context, target));
  if (!told) return told.error();
  if (!print_json(context, told->body)) *context.out << virtual_keys_table(told->body, context.color());
  return done;
}

int info(const Context& context, const std::string& id) {
  const auto told = ask_admin(context, "GET", "/virtual-keys/" + encode(id));
  if (!told) return told.error();
  if (!print_json(context, told->body)) *context.out << virtual_key_sheet(told->body, context.color());
  return done;
}

using Chosen = std::function<std::optional<int>()>;

CLI::App* verb(CLI::App& keys, const std::string& name, const std::string& what) {
  return keys.add_subcommand(name, what)->fallthrough();
}

Chosen add_create(CLI::App& keys, Context& context) {
  auto wish = std::make_shared<KeyWish>();
  auto limits = std::make_shared<std::array<std::int64_t, kLimits.size()>>();
  auto* app = verb(keys, "create", "Make a virtual key; its secret is shown once");
  app->add_option("--tenant", wish->tenant, "Whose it is; the configuration has to name it")->required();
  app->add_option("--name", wish->name, "What logs and lists call it")->required();
  app->add_option("--models", wish->models, "Only these aliases, separated by commas")->delimiter(',');
  app->add_option("--providers", wish->providers, "Only these providers")->delimiter(',');
  app->add_option("--tag", wish->tags, "name=value, for rules, budgets and records")->allow_extra_args(false);
  app->add_option("--ip", wish->ip, "Only from these addresses or ranges: 10.0.0.0/8")->delimiter(',');
  app->add_option("--expires", wish->expires, "2027-01-01, 2027-01-01T10:00:00Z, or 30d from now");
  app->add_option("--class", wish->request_class, "The highest class of its requests")
      ->check(CLI::IsMember({"interactive", "default", "batch"}));
  for (std::size_t i = 0; i < kLimits.size(); ++i)
    app->add_option(std::string("--") + kLimits[i], (*limits)[i], "Its own limit, beside the tenant's")
        ->check(CLI::PositiveNumber);
  auto* budget = app->add_option("--budget", wish->budget, "What it may spend in one period, in US dollars")
                     ->check(CLI::PositiveNumber);
  app->add_option("--period", wish->period, "When its budget renews; month, when it is not said")
      ->check(CLI::IsMember({"day", "week", "month"}))
      ->needs(budget);
  app->add_flag("--rolling", wish->rolling, "Its budget is of any 24 hours, 7 or 30 days, not the calendar's")
      ->needs(budget);
  return [&context, app, wish, limits]() -> std::optional<int> {
    if (!app->parsed()) return std::nullopt;
    for (std::size_t i = 0; i < kLimits.size(); ++i)
      if ((*limits)[i] > 0) wish->limits.emplace_back(kLimits[i], (*limits)[i]);
    return create(context, *wish);
  };
}

Chosen add_changes(CLI::App& keys, Context& context) {
  struct Options {
    std::string id, grace;
  };
  auto to = std::make_shared<Options>();
  auto* rotate = verb(keys, "rotate", "Give a virtual key a new secret, which is shown once");
  rotate->add_option("id", to->id, "vk_…, as the list has it")->required();
  rotate->add_option("--grace", to->grace, "How long the old secret stays good: 24h; without it, no longer");
  auto* revoke = verb(keys, "revoke", "End a virtual key for good, on all nodes");
  revoke->add_option("id", to->id, "vk_…, as the list has it")->required();
  return [&context, to, rotate, revoke]() -> std::optional<int> {
    auto body = Json::object();
    if (!to->grace.empty()) body["grace"] = to->grace;
    if (rotate->parsed()) return change(context, to->id, "rotate", body, "rotated");
    if (revoke->parsed()) return change(context, to->id, "revoke", Json::object(), "revoked");
    return std::nullopt;
  };
}

Chosen add_looks(CLI::App& keys, Context& context) {
  auto tenant = std::make_shared<std::string>(), id = std::make_shared<std::string>();
  auto* all = verb(keys, "list", "Virtual keys: whose, what they may do, their state");
  all->add_option("--tenant", *tenant, "Only this tenant's");
  all->add_option("--node", context.globals.node, "all: every node of the cluster; or the name of one");
  auto* one = verb(keys, "info", "One virtual key");
  one->add_option("id", *id, "vk_…, as the list has it")->required();
  return [&context, tenant, id, all, one]() -> std::optional<int> {
    if (all->parsed()) return list(context, *tenant);
    if (one->parsed()) return info(context, *id);
    return std::nullopt;
  };
}

}  // namespace

tl::expected<Json, std::string> key_body(const KeyWish& wish) {
  Json body{{"tenant", wish.tenant}, {"name", wish.name}};
  if (!wish.models.empty()) body["models"] = wish.models;
  if (!wish.providers.empty()) body["providers"] = wish.providers;
  if (!wish.ip.empty()) body["ip"] = wish.ip;
  if (!wish.expires.empty()) body["expires"] = wish.expires;
  if (!wish.request_class.empty()) body["class"] = wish.request_class;
  for (const auto& tag : wish.tags) {
    const auto equals = tag.find('=');
    if (equals == tag.npos) return tl::unexpected("--tag " + tag + ": write name=value");
    body["tags"][tag.substr(0, equals)] = tag.substr(equals + 1);
  }
  for (const auto& [name, limit] : wish.limits) body["limits"][name] = limit;
  if (wish.budget > 0) {
    body["budget"]["usd"] = wish.budget;
    if (!wish.period.empty()) body["budget"]["period"] = wish.period;
    if (wish.rolling) body["budget"]["rolling"] = true;
  }
  return body;
}

std::string virtual_keys_table(const Json& body, bool color) {
  Table table(
      {"ID", "TENANT", "NAME", "SECRET", "STATE", "MODELS", "LIMITS", "BUDGET", "EXPIRES", "CREATED"});
  const auto& rows = at(body, "virtual_keys");
  if (rows.is_array()) {
    for (const auto& row : rows) {
      const auto state = text(row, "state");
      table.add({text(row, "id"), text(row, "tenant"), text(row, "name"), text(row, "prefix"),
                 Cell(state, paint_of(state)), joined(at(row, "models")), pairs(at(row, "limits")),
                 allowance(at(row, "budget")), text(row, "expires"), text(row, "created")});
    }
  }
  auto out = table.empty() ? std::string("no virtual key was made here\n") : table.render(color);
  if (at(body, "hint").is_string()) out += text(body, "hint") + "\n";
  if (at(body, "trouble").is_string()) out += paint(text(body, "trouble"), Paint::red, color) + "\n";
  return out + silent(body);
}

std::string virtual_key_sheet(const Json& key, bool color) {
  std::string out;
  const auto line = [&](std::string_view name, const std::string& value) {
    out += fmt::format("{:<11}{}\n", name, value);
  };
  const auto state = text(key, "state");
  line("key", paint(text(key, "id"), Paint::bold, color));
  line("name", text(key, "name") + " of " + text(key, "tenant"));
  line("secret", text(key, "prefix"));
  line("state", paint(state, paint_of(state), color));
  for (const auto* field : {"created", "rotated", "expires", "revoked"}) line(field, text(key, field));
  if (const auto& former = at(key, "former"); former.is_array())
    for (const auto& old : former) line("until then", text(old, "until") + " also " + text(old, "prefix"));
  for (const auto* field : {"models", "providers", "ip"}) line(field, joined(at(key, field)));
  for (const auto* field : {"tags", "limits"}) line(field, pairs(at(key, field)));
  line("budget", allowance(at(key, "budget")));
  line("class", text(key, "class").empty() ? "-" : text(key, "class"));
  return out;
}

std::string key_report(const Json& told, const std::string& what, bool color) {
  const auto& key = at(told, "key");
  auto out = fmt::format("{} {} ({} of {})\n", what, text(key, "id"), text(key, "name"), text(key, "tenant"));
  if (at(told, "secret").is_string())
    out += fmt::format("\n  {}\n\nThis is the only time that the secret is shown.\n",
                       paint(text(told, "secret"), Paint::bold, color));
  out += "known by " + joined(at(told, "known_by")) + "\n";
  if (!at(told, "missing").empty())
    out += paint("not known yet by " + joined(at(told, "missing")) + ": they hear of it when they are back",
                 Paint::yellow, color) +
           "\n";
  return out;
}

std::function<std::optional<int>()> add_key_verbs(CLI::App& keys, Context& context) {
  return [all = std::array{add_create(keys, context), add_changes(keys, context), add_looks(keys, context)}] {
    for (const auto& chosen : all)
      if (const auto code = chosen()) return code;
    return std::optional<int>();
  };
}

}  // namespace troupe::cli
