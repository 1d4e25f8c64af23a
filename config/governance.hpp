#pragma once
// Who pays for what, and within which bounds: virtual keys, budgets, caches, batches, classes of requests.
// Part of config/types.hpp.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::config {

/// A secret: prints as "***"; only `reveal()` gives the text, and only providers and auth call it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

struct Limits {
  std::int64_t rpm = 0, tpm = 0, itpm = 0, otpm = 0, rpd = 0, tpd = 0, concurrency = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};

/// Who goes first where there is not enough for all.
enum class RequestClass : std::uint8_t {
  interactive,  ///< somebody waits
  standard,     ///< "default": waits behind interactive requests
  batch,        ///< what the others leave
};

enum class BudgetPeriod : std::uint8_t { day, week, month };
enum class OnExhausted : std::uint8_t {
  reject,
  cheapest,  ///< only the cheapest endpoint that can serve; then as reject when the cap cannot be passed
};
enum class WebhookFormat : std::uint8_t { json, slack };

/// Where it is told that a budget has reached one of its shares.
struct Alert {
  std::vector<double> at;  ///< shares of the budget, each told once per period; above 0, at most 10
  Secret webhook;          ///< http(s) URL, often a secret itself; empty: log, metrics and /events only
  Secret webhook_secret;   ///< signs the body (HMAC-SHA256); empty: unsigned
  WebhookFormat webhook_format = WebhookFormat::json;
  friend bool operator==(const Alert&, const Alert&) = default;
};

/// What somebody may spend in one period of the calendar (UTC; weeks begin on Monday), or in any such span.
struct Budget {
  double usd = 0;  ///< as written; cap() is what counts
  BudgetPeriod period = BudgetPeriod::month;
  bool rolling = false;  ///< the last 24 hours, 7 or 30 days, instead of the calendar's
  OnExhausted on_exhausted = OnExhausted::reject;
  bool thrift = true;  ///< in the last fifth cheaper endpoints weigh more; only with `cheapest`
  std::optional<Money>
      unknown_price;  ///< per token of a model without a price; absent: such calls are refused
  Alert alert;
  Money cap() const { return from_dollars(usd); }
};

/// A budget of its own: for what matches all of its selectors. "*" is one budget for each value.
struct NamedBudget {
  std::string name;
  std::string tenant, key, user, model;  ///< empty: any. `model`: an alias
  std::string tag;                       ///< "name=value" or "name=*"; empty: any
  Budget budget;
};

/// A virtual key that a client presents: `hash` is "sha256:" + 64 hex digits of the whole key text. What is
/// empty is as the tenant has it; what is not narrows it.
struct VirtualKey {
  std::string name, hash;
  std::vector<std::string> models = {}, providers = {};
  std::vector<std::string> ip = {};  ///< addresses or CIDR ranges
  std::map<std::string, std::string> tags = {};
  std::optional<WallTime> expires = {};
  RequestClass priority = RequestClass::interactive;  ///< "class": the highest of its requests
  Limits limits = {};
  std::optional<Budget> budget = {};
};

struct Tenant {
  std::string name;
  std::vector<VirtualKey> keys;
  std::vector<std::string> models;     ///< aliases allowed; empty = all
  std::vector<std::string> providers;  ///< providers that may answer; empty = all
  std::vector<std::string> ip = {};    ///< where its callers may come from; empty = anywhere
  std::map<std::string, std::string> tags = {};
  RequestClass priority = RequestClass::interactive;  ///< "class": the highest of its requests
  double weight = 1;                                  ///< its part of a model's capacity when that is short
  Limits limits = {};
  Limits per_user = {};  ///< of each end user of the tenant
  std::optional<Budget> budget = {};
};

/// Whole answers that are given again to the same request.
struct ExactCache {
  Duration ttl = std::chrono::minutes(10);
  std::int64_t max = 256 << 20;      ///< bytes of all entries of a node
  std::int64_t max_entry = 1 << 20;  ///< bytes; a longer answer is not kept
  bool shared = false;               ///< between tenants
};

/// Answers that are given again to a question that means the same.
struct SemanticCache {
  Duration ttl = std::chrono::minutes(10);
  double threshold = 0.95;           ///< cosine similarity
  std::string embed;                 ///< "provider/model"; empty: the built-in lexical embedder
  std::int64_t max_entries = 10000;  ///< per tenant and model
  bool guard = true;                 ///< different numbers, dates, names or negations forbid a hit
  bool shared = false;               ///< between tenants
};

struct Caches {
  std::optional<ExactCache> exact;
  std::optional<SemanticCache> semantic;
};

/// /v1/files and /v1/batches.
struct Batches {
  double reserve = 0.2;                         ///< share of each key's limits that batch work leaves alone
  std::int64_t concurrency = 64;                ///< lines of one batch under way
  std::int64_t max_file = 200 << 20;            ///< bytes
  Duration keep = std::chrono::hours(24 * 30);  ///< files and batches, after their last change
};

/// Somebody else who says which task a request is.
struct Classifier {
  std::string url;
  Secret token;                                      ///< sent as a bearer token; empty: none
  Duration timeout = std::chrono::milliseconds(50);  ///< later the built-in one says
};

}  // namespace troupe::config
