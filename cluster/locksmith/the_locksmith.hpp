#pragma once
// The locksmith's state and threads; what it is asked for is in locksmith.cpp, what its threads do in
// threads.cpp. Internal to cluster/locksmith.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cluster/keyring/ring.hpp"
#include "cluster/keystore/store.hpp"
#include "cluster/locksmith/locksmith.hpp"

namespace troupe::locksmith {

/// A changed key, and its secret where a new one was drawn.
struct Drawn {
  keyring::Record record;
  std::string secret;
};

class TheLocksmith final : public Locksmith {
 public:
  TheLocksmith(LocksmithOptions options, std::unique_ptr<keystore::Store> store,
               const std::vector<keyring::Record>& stored);
  ~TheLocksmith() override { stop(); }

  void create(Wish wish, Done done) override;
  void rotate(std::string id, keyring::Millis grace, Done done) override;
  void revoke(std::string id, Done done) override;
  std::shared_ptr<const Keys> keys() const override;
  void in_force(std::uint64_t generation) override;
  nlohmann::json list(const config::Config& config) const override;
  void connect(Send send, Others others) override;
  void heard(const std::string& from, const keyring::Message& message) override;
  void stop() override;

 private:
  using Draw = std::function<Result<Drawn>()>;
  /// What the clerk is to do: a change of this node's, or what another one told.
  struct Job {
    const char* what = nullptr;
    Draw draw;
    Done done;
    std::vector<keyring::Record> records;
    std::vector<keyring::Outgoing> once_stored;
  };
  /// A change that is stored here and on its way to the others.
  struct Pending {
    std::string id;
    std::uint64_t generation = 0;
    std::vector<std::string> peers;
    Time until;
    nlohmann::json answer;
    Done done;
  };
  /// To be sent when this node has it in force.
  struct Receipt {
    std::uint64_t generation = 0;
    keyring::Outgoing out;
  };

  void change(const char* what, Draw draw, Done done);
  // The clerk: the store.
  void run_clerk();
  void perform(Job& job);
  void write_down(Job& job);
  void look_at_store();
  void note_trouble(const std::string& what);
  void settle(const char* what, Drawn drawn, Done done);
  // The herald: the cluster, and whoever puts keys in force.
  void run_herald();
  void tick();
  void send_receipts();
  void finish_those_due();
  void look_whether_known();
  std::optional<std::uint64_t> due_generation() const;
  void act(keyring::Step step);
  void touch();

  Time now() const { return options_.clock->now(); }
  keyring::Millis wall() const;
  std::vector<std::string> others() const { return others_ ? others_() : std::vector<std::string>{}; }

  const LocksmithOptions options_;
  const std::unique_ptr<keystore::Store> store_;  ///< the clerk's
  const Time began_;
  mutable std::mutex mutex_;  ///< all below; never held while something waits
  std::condition_variable for_clerk_, for_herald_;
  keyring::Ring ring_;
  std::deque<Job> jobs_;
  std::map<std::string, keyring::Record> unsaved_;  ///< of others, refused by the disk
  std::vector<Pending> pending_;
  std::vector<Receipt> receipts_;
  std::uint64_t generation_ = 1, told_ = 0, in_force_ = 0;
  Time told_at_, retry_at_;
  mutable std::shared_ptr<const Keys> keys_;  ///< of generation_, or older
  std::string trouble_;
  bool known_ = false, read_ = false, stopping_ = false;
  Send send_;
  Others others_;
  std::thread clerk_, herald_;
};

}  // namespace troupe::locksmith
