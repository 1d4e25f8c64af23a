#pragma once
// What the sessions of one I/O thread share. Nothing here is touched by another thread; a reload posts the
// new Setup.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "actors/desk.hpp"
#include "actors/policy/call_plan.hpp"
#include "actors/policy/cash.hpp"
#include "config/auth.hpp"
#include "config/environment.hpp"
#include "config/funds.hpp"
#include "config/prices.hpp"
#include "config/routing.hpp"
#include "config/types.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "gateway/admin/observer.hpp"
#include "gateway/api/counting.hpp"
#include "gateway/http/head.hpp"
#include "gateway/http/pool.hpp"
#include "gateway/http/wakeup.hpp"
#include "gateway/keeper/keepers.hpp"
#include "gateway/steering/task_book.hpp"

namespace troupe::batch {
class Front;
}
namespace troupe::api {

class SemanticDesk;

/// One configuration revision as sessions need it. Immutable, shared by all threads.
struct Setup {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<const config::PriceCatalogue> prices;
  std::shared_ptr<const config::TenantIndex> tenants;
  std::unordered_map<std::string_view, const config::Model*> models;  ///< by alias; views into config
  std::shared_ptr<const config::Routing> routing;                     ///< never null
  std::shared_ptr<const config::Funds> funds;                         ///< never null
  config::Model direct;                                               ///< settings for `provider/model` names
  std::set<std::string, std::less<>> metered;  ///< providers with a key whose tokens are limited
  bool needs_key = false;  ///< some tenant has keys, or could be given one: callers must present one
  bool keys_known = true;  ///< false: a key that is not here may be one all the same

  const config::Model* find(std::string_view alias) const;
  const config::Tenant* tenant(std::string_view name) const;
};

/// Whether tokens are limited, by the minute or the day.
bool limits_tokens(const config::Limits& limits);

std::shared_ptr<const Setup> make_setup(std::shared_ptr<const config::Config> config,
                                        std::shared_ptr<const config::PriceCatalogue> prices,
                                        bool keys_known = true);

/// Who watches over calls that need permits of shared limits. Either may be empty; any thread.
struct CallWatch {
  std::function<void(Duration left)> sent;   ///< the kernel has the whole call, so long before send_by
  std::function<void(Duration took)> ended;  ///< since it was admitted
};

struct WorkerOptions {
  boost::asio::io_context* io = nullptr;
  const Clock* clock = nullptr;
  actors::Desk* desk = nullptr;
  admin::Observer* observer = nullptr;
  std::shared_ptr<const Setup> setup;
  std::uint64_t seed = 1;
  std::string node;
  std::function<bool()> ready = {};  ///< more to ask before /readyz says yes; any thread
  CallWatch watch = {};
  std::shared_ptr<const tokens::Library> vocabularies = {};      ///< to count tokens with; may be nullptr
  config::Environment environment = config::real_environment();  ///< proxies, and clouds' credentials
};

class Worker {
 public:
  explicit Worker(const WorkerOptions& options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Where calls with a provider's keys go.
  struct Upstream {
    std::shared_ptr<const config::Provider> provider;
    http::Pool::Bucket* bucket = nullptr;
    std::string authority;  ///< for the Host header
  };
  /// Made once per provider and revision; valid until use().
  const Upstream& upstream(const actors::KeyInfo& key);
  /// Reads the end of an answer that its caller no longer waits for, then gives the connection back. Closed
  /// after 2 s.
  void finish_in_background(http::Pool::Bucket& bucket, std::shared_ptr<http::Connection> connection,
                            std::unique_ptr<http::ResponseParser> parser);
  /// Counts a request for that model and answers its retry budget. Per thread: the sum over threads keeps the
  /// share.
  policy::RetryAllowance& retry_budget(const config::Model& model);
  /// The value of a Date header, made once a second.
  std::string_view date();
  /// Housekeeping, each second: old idle connections, tails, ended origins.
  void sweep();
  /// Swaps the configuration; requests under way finish with the old one.
  void use(std::shared_ptr<const Setup> next);
  /// Cuts every client connection; their sessions end by themselves.
  void close_all();
  /// Closes what is idle; nothing is woken by time any more.
  void stop();

  boost::asio::io_context& io;
  const Clock& clock;
  actors::Desk& desk;
  admin::Observer& observer;
  Random random;
  const std::function<bool()> ready;  ///< of WorkerOptions
  const CallWatch watch;              ///< of WorkerOptions
  const std::string node;
  http::Watchdog dog;
  http::Pool pool;
  keeper::Keepers keepers;  ///< credentials of keys that are more than a secret
  std::shared_ptr<const Setup> setup;
  Counting counting;
  policy::Cash cash;  ///< how requests of tenants with budgets pay; set before the first request
  const batch::Front* files = nullptr;  ///< /v1/files and /v1/batches; set before the first request
  SemanticDesk* meanings = nullptr;     ///< of the node; nullptr: none. Set before the first request
  bool draining = false;
  std::size_t connections = 0, requests = 0;
  std::size_t mirrors = 0;  ///< copies of requests under way
  /// Of the classifier that the configuration names.
  struct Tasks {
    steering::TaskBook book;
    std::size_t under_way = 0;
  } tasks;
  const http::GetEnv variable;                    ///< of the environment
  std::unordered_set<http::Connection*> clients;  ///< of the sessions, for close_all()

 private:
  struct Tail;
  std::list<std::unique_ptr<Tail>> tails_;
  std::unordered_map<const config::Provider*, Upstream> upstreams_;
  struct Allowance;
  std::unordered_map<std::string, std::unique_ptr<Allowance>> allowances_;
  std::string date_;
  std::int64_t date_second_ = -1;
};

}  // namespace troupe::api
