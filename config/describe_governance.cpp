// Who pays, within which bounds: tenants, virtual keys, budgets; caches and batches.
#include "config/describe.hpp"
#include "config/periods.hpp"

namespace troupe::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kName = [](const auto& row) { return row.name; };

std::vector<std::string> classes() {
  return {"interactive", "default", "batch"};
}

std::vector<std::string> periods() {
  std::vector<std::string> out;
  for (const auto one : {BudgetPeriod::day, BudgetPeriod::week, BudgetPeriod::month})
    out.emplace_back(name(one));
  return out;
}

}  // namespace

void describe(Walker& w, VirtualKey& it) {
  w.value(required({"name", "Its name in logs and metrics."}), Text{&it.name});
  w.value(required({"hash", "sha256:, then the SHA-256 of the whole key as 64 hexadecimal digits."}),
          Text{&it.hash, TextKind::virtual_key_hash});
  w.value(absent("the tenant's", {"models", "Aliases it may ask for, of the tenant's."}),
          Texts{&it.models, {}});
  w.value(absent("the tenant's", {"providers", "Providers that may answer it, of the tenant's."}),
          Texts{&it.providers, {}});
  w.value(absent("the tenant's", {"ip", "Where its callers may come from: addresses or CIDR ranges."}),
          Texts{&it.ip, {}});
  w.value(absent("none", {"tags", "Names and values that its spending counts under, beside the tenant's."}),
          Labels{&it.tags});
  w.value(absent("never", {"expires", "From then on it is refused."}), Moment{&it.expires});
  choice(w, {"class", "The highest class of its requests, within the tenant's."}, it.priority, classes());
  section(w, {"limits", "What it may take, within the tenant's."}, it.limits);
  optional_section(w, absent("none", {"budget", "What it may spend, within the tenant's."}), it.budget);
}

void describe(Walker& w, Budget& it) {
  w.value(
      required({"usd", "US dollars per period; a call that could cost more than is left is answered 429."}),
      Real{&it.usd, 0, 1'000'000});
  choice(w, {"period", "When it renews: calendar days, weeks (from Monday) or months, in UTC."}, it.period,
         periods());
  w.value({"rolling", "Instead of the calendar: any 24 hours, 7 or 30 days."}, Flag{&it.rolling});
  choice(w,
         {"on_exhausted",
          "What happens to calls that are more than is left: refused, or sent to the cheapest endpoint that "
          "is not too dear."},
         it.on_exhausted, {"reject", "cheapest"});
  w.value({"thrift", "With cheapest: in the last fifth of the budget cheaper endpoints get more."},
          Flag{&it.thrift});
  w.value(absent("refuse", {"unknown_price",
                            "A model without a known price: refuse, or count each token at this price.",
                            "too low: more is spent than the budget says"}),
          Price{&it.unknown_price, "refuse"});
  w.value(absent("none", {"alert_at", "Shares of it that are told when they are reached, once per period."}),
          Shares{&it.alert.at, 10});
  w.value(absent("none", {"webhook", "Where alerts are posted; they are in log and /events in any case."}),
          Hidden{&it.alert.webhook});
  w.value(absent("unsigned", {"webhook_secret", "Signs the posted body, HMAC-SHA256 in x-troupe-signature."}),
          Hidden{&it.alert.webhook_secret});
  choice(w, {"webhook_format", "The body's shape."}, it.alert.webhook_format, {"json", "slack"});
}

void describe(Walker& w, NamedBudget& it) {
  w.value(required({"name", "Its name in errors, alerts and /budgets."}), Text{&it.name});
  const auto selector = [&](std::string_view name, std::string_view what, std::string& at) {
    w.value(absent("any", {name, what}), Text{&at});
  };
  selector("tenant", "Of this tenant; \"*\": one budget for each.", it.tenant);
  selector("key", "Of this virtual key, by name; \"*\": one budget for each.", it.key);
  selector("user", "Of this end user; \"*\": one budget for each.", it.user);
  selector("tag", "Of this tag, as env=prod; env=*: one budget for each value.", it.tag);
  selector("model", "Of this alias; \"*\": one budget for each.", it.model);
  describe(w, it.budget);
}

void describe(Walker& w, Tenant& it) {
  table(w, {"keys", "Virtual keys that its clients present."}, false, it.keys, kName);
  w.value(absent("all", {"models", "Aliases it may ask for."}), Texts{&it.models, {}});
  w.value(absent("all", {"providers", "Providers that may answer it."}), Texts{&it.providers, {}});
  w.value(absent("anywhere", {"ip", "Where its callers may come from: addresses or CIDR ranges."}),
          Texts{&it.ip, {}});
  w.value(absent("none", {"tags", "Names and values that its spending counts under."}), Labels{&it.tags});
  choice(w, {"class", "The highest class of its requests; x-troupe-class may ask for a lower one."},
         it.priority, classes());
  w.value({"weight", "Its part of a model's capacity when tenants wait for it."},
          Real{&it.weight, 0.001, 1'000'000});
  // per_user stands inside limits, where the contract has it.
  w.section(
      {"limits", "What the tenant may take; more is 429, without a place in line."}, {[&it](Walker& inner) {
        describe(inner, it.limits);
        section(inner, {"per_user", "What each of its end users may take, over all nodes (docs/users.md)."},
                it.per_user);
      }});
  optional_section(w,
                   absent("none", {"budget", "What it may spend, on all nodes together; needs store.path."}),
                   it.budget);
}

void describe(Walker& w, Mirror& it) {
  w.value(required({"to", "The alias that gets them too."}), Text{&it.to});
  w.value({"share", "Of the requests.", "money"}, Share{&it.share});
}

void describe(Walker& w, ExactCache& it) {
  w.value({"ttl", "How long an answer is given again.", "older answers"},
          Span{&it.ttl, seconds(1), hours(24 * 30)});
  w.value({"max", "Size of all entries of a node; the longest unused goes first.", "memory"},
          Size{&it.max, 1 << 10, 1LL << 40});
  w.value({"max_entry", "A longer answer is not kept.", "memory"}, Size{&it.max_entry, 1 << 10, 3 << 20});
  w.value({"shared", "Tenants get each other's answers.", "one tenant can learn what another asked"},
          Flag{&it.shared});
}

void describe(Walker& w, SemanticCache& it) {
  w.value({"ttl", "How long an answer is given again.", "older answers"},
          Span{&it.ttl, seconds(1), hours(24 * 30)});
  w.value(
      {"threshold", "Cosine similarity of two questions with one answer; docs/semantic-cache.md measures it.",
       "lower: more wrong answers"},
      Real{&it.threshold, 0.5, 1});
  w.value(absent("the built-in lexical embedder",
                 {"embed", "provider/model that makes texts vectors.", "a call per request that misses"}),
          Text{&it.embed});
  whole(w, {"max_entries", "Per tenant and model; the oldest goes first.", "memory: about 4 KiB each"},
        it.max_entries, 1, 10'000'000);
  w.value({"guard", "Different numbers, dates, names or negations forbid a hit.", "off: wrong answers"},
          Flag{&it.guard});
  w.value({"shared", "Tenants get each other's answers.", "one tenant can learn what another asked"},
          Flag{&it.shared});
}

void describe(Walker& w, Caches& it) {
  optional_section(w, absent("off", {"exact", "The same request gets the same answer."}), it.exact);
  optional_section(w, absent("off", {"semantic", "A question that means the same gets the same answer."}),
                   it.semantic);
}

void describe(Walker& w, Batches& it) {
  w.value({"reserve", "Share of each key's limits that batch work leaves alone.", "slower batches"},
          Share{&it.reserve});
  whole(w, {"concurrency", "Lines of one batch under way.", "connections and memory"}, it.concurrency, 1,
        10'000);
  w.value({"max_file", "Largest file.", "disk"}, Size{&it.max_file, 1 << 10, 1LL << 40});
  w.value({"keep", "How long files and batches are kept after their last change.", "disk"},
          Span{&it.keep, hours(1), hours(24 * 3650)});
}

void describe(Walker& w, Classifier& it) {
  w.value(required({"url", "Gets {\"model\",\"text\"} by POST and answers {\"task\"}."}),
          Text{&it.url, TextKind::url});
  w.value(absent("none", {"token", "Bearer token that it asks for."}), Hidden{&it.token});
  w.value({"timeout", "Then the built-in classifier says.", "latency"},
          Span{&it.timeout, milliseconds(1), seconds(10)});
}

}  // namespace troupe::config
