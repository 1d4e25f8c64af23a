#pragma once
// The cluster as one node runs it. No CAF, no HTTP.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "actors/policy/cache/messages.hpp"
#include "actors/policy/evidence.hpp"
#include "actors/policy/shares.hpp"
#include "actors/policy/users/messages.hpp"
#include "cluster/engine/row.hpp"
#include "cluster/errands/rounds.hpp"
#include "cluster/keyring/messages.hpp"
#include "cluster/money/messages.hpp"
#include "config/types.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::cluster {

struct EngineOptions {
  std::shared_ptr<const config::Config> config;  ///< with a `cluster` section
  const Clock* clock = nullptr;                  ///< outlives the engine
  std::uint64_t seed = 1;
  /// Something happened that operators shall see: "member", "allocator". On the engine's thread.
  std::function<void(const std::string& kind, const nlohmann::json& what)> on_event;
  /// Another node speaks of money; who is in office, each tick. On the engine's thread, without its lock.
  std::function<void(const std::string& peer, const money::Message& message)> on_money;
  std::function<void(bool mine, const std::string& holder)> on_office;
  /// Another node speaks of virtual keys; as on_money.
  std::function<void(const std::string& peer, const keyring::Message& message)> on_keyring;
};

/// One condition of the guarantee. Ratio for the clock's rate, seconds else.
struct ConditionFigure {
  std::string name;
  double measured = 0, bound = 0;
  bool holds = true;
};

/// For /metrics.
struct EngineFigures {
  std::map<std::string, std::int64_t> members;  ///< by state
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::map<std::string, double> round_trips;  ///< seconds, by peer that is up
  bool allocator = false;
  bool mixed = false;  ///< members have different configurations in force
  bool joined = false;
  double lease_s = 0;  ///< of this node's permits; 0 when it is over
  std::vector<ConditionFigure> conditions;
  std::map<std::string, double> clock_errors;  ///< ratio, the least that is certain, by peer that is up
};

/// Owns a thread with its io_context. All functions may be called from any thread; none waits for the
/// network.
class Engine {
 public:
  /// Reads the TLS files, listens, begins to dial. Fails with words for the operator.
  static Result<std::unique_ptr<Engine>> start(EngineOptions options);
  /// Says goodbye and stops the thread.
  virtual ~Engine() = default;

  /// What this node may use of the limits of "key/PROVIDER/KEY", "tenant/NAME" or "vkey/TENANT/NAME". Valid
  /// as long as the engine.
  virtual policy::Shares shares(const std::string& owner) = 0;
  /// A new configuration is about to be put in force; `cluster` itself stays as it was. `file` is what all
  /// nodes must have in common of it: `config` has virtual keys besides, which travel by themselves.
  virtual void configure(std::shared_ptr<const config::Config> config, std::uint64_t revision,
                         const config::Config& file) = 0;
  virtual void set_draining(bool on) = 0;
  /// Gives every free permit back and leaves; waits up to `patience` for the allocator to know.
  virtual void leave(Duration patience) = 0;
  /// True while this node may use its permits, or had never any limit to share. A restarted voter is ready
  /// when its copy of the account counts again: whoever waits for that restarts one after another and loses
  /// nothing.
  bool ready() const { return obstacle().empty(); }
  /// Why it is not ready, for people; empty when it is.
  virtual std::string obstacle() const = 0;
  /// A call on shared limits was handed to the kernel, `left` before its send_by (negative: after it), or
  /// ended. Any thread; takes no lock.
  virtual void sent(Duration left) = 0;
  virtual void ended(Duration took) = 0;
  /// A key ("PROVIDER/KEY") of this node learnt something first hand: the others are told. Takes no lock.
  virtual void note(const std::string& key, const policy::Evidence& evidence) = 0;
  using Hear = std::function<void(const std::string& key, const policy::Hearsay&)>;
  /// Who is told what other nodes learnt; on the engine's thread; what came before is kept. After
  /// on_health({}) has returned the former one is not called any more.
  virtual void on_health(Hear hear) = 0;
  /// Whether this node sends the active probes of "PROVIDER/KEY".
  virtual bool is_prober(const std::string& key) const = 0;

  using Answered = std::function<void(std::vector<errands::Answer>)>;
  /// Asks these nodes something; `done` is called once on the engine's thread, when all have answered or
  /// `patience` is over. At most Rounds::kMost questions are open: then nobody is asked and has answered.
  virtual void ask(std::vector<std::string> nodes, std::string what, std::string text, Duration patience,
                   Answered done) = 0;
  using Reply = std::function<void(std::uint32_t status, std::string text)>;
  using Serve = std::function<void(const std::string& from, const std::string& what, const std::string& text,
                                   Reply reply)>;
  /// Who answers what other members ask; called on the engine's thread, `reply` once on any. After
  /// on_ask({}) has returned the former one is not called any more.
  virtual void on_ask(Serve serve) = 0;
  /// The members but this node that are not known to be gone, by name.
  virtual std::vector<std::string> others() const = 0;
  /// Fingerprint of what all nodes must have in common of `config`.
  virtual std::uint64_t fingerprint(const config::Config& config) const = 0;
  /// Whether another member that is here has that configuration in force.
  virtual bool in_force(std::uint64_t configuration) const = 0;
  /// Parts of the cluster for /actors.
  virtual std::vector<Row> rows() = 0;

  /// These take no lock of the engine.
  virtual void send(const std::string& to, const money::Message& message) = 0;
  virtual void send(const std::string& to, const keyring::Message& message) = 0;
  /// The same, where the line to that node has room to spare: answers never displace what keeps limits.
  virtual void send(const std::string& to, const cache::Message& message) = 0;
  using HearCache = std::function<void(const std::string& from, const cache::Message& message)>;
  /// Who is told what others say of the cache; on the engine's thread. After on_cache({}) has returned the
  /// former one is not called any more.
  virtual void on_cache(HearCache hear) = 0;
  /// Of the users of tenants; as of the cache.
  virtual void send(const std::string& to, const users::Message& message) = 0;
  using HearUsers = std::function<void(const std::string& from, const users::Message& message)>;
  virtual void on_users(HearUsers hear) = 0;

  /// GET /cluster and /cluster/shares.
  virtual nlohmann::json view() const = 0;
  virtual nlohmann::json shares_view() const = 0;
  virtual EngineFigures figures() const = 0;
  /// The address of the link, with its real port.
  virtual const std::string& address() const = 0;
};

}  // namespace troupe::cluster
