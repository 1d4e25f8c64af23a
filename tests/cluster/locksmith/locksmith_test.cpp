#include "cluster/locksmith/locksmith.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "cluster/locksmith/effective.hpp"
#include "config/auth.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/full_disk.hpp"

using namespace troupe;
using namespace troupe::locksmith;
using namespace std::chrono_literals;
using nlohmann::json;
using troupe::testing::Folder;

namespace {

config::Tenant named(const std::string& name) {
  config::Tenant out;
  out.name = name;
  return out;
}

config::Config file() {
  config::Config out;
  out.tenants = {named("team")};
  return out;
}

/// A locksmith that puts keys in force at once.
class Smith {
 public:
  Smith(const std::string& node, const std::string& dir, bool alone) {
    LocksmithOptions options;
    options.node = node;
    options.store.path = dir;
    options.alone = alone;
    options.clock = &real_clock();
    options.on_keys = [this](const std::shared_ptr<const Keys>& keys) { put(keys); };
    auto started = Locksmith::start(std::move(options));
    REQUIRE(started);
    smith_ = std::move(*started);
    const std::lock_guard lock(mutex_);
    started_ = true;
    changed_.notify_all();
  }
  ~Smith() { smith_->stop(); }
  Locksmith* operator->() { return smith_.get(); }

  json create(const std::string& name) {
    std::promise<json> done;
    smith_->create({"team", name, {}}, [&](json answer) { done.set_value(std::move(answer)); });
    return done.get_future().get();
  }
  json rotate(const std::string& id, keyring::Millis grace) {
    std::promise<json> done;
    smith_->rotate(id, grace, [&](json answer) { done.set_value(std::move(answer)); });
    return done.get_future().get();
  }
  json revoke(const std::string& id) {
    std::promise<json> done;
    smith_->revoke(id, [&](json answer) { done.set_value(std::move(answer)); });
    return done.get_future().get();
  }

  bool opens(const std::string& secret) {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return config_ && config::TenantIndex(*config_).find(secret) != nullptr;
  }
  /// False when it is not so within ten seconds.
  bool until(const std::function<bool()>& so) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, so);
  }
  bool known() const { return known_; }

 private:
  void put(const std::shared_ptr<const Keys>& keys) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return started_; });
    config_ = with_keys(file(), keys->records, 0);
    known_ = keys->known;
    smith_->in_force(keys->generation);
    changed_.notify_all();
  }

  std::recursive_mutex mutex_;
  std::condition_variable_any changed_;
  bool started_ = false, known_ = false;
  std::shared_ptr<const config::Config> config_;
  std::unique_ptr<Locksmith> smith_;
};

/// Two smiths that hear each other while `up`. Ends before them.
class Wire {
 public:
  Wire(Smith& a, Smith& b) : a_(a), b_(b), thread_([this] { run(); }) {
    a->connect(
        [this](const std::string&, const keyring::Message& m) {
          post({&b_, "a", m});
        },
        [] { return std::vector<std::string>{"b"}; });
    b->connect(
        [this](const std::string&, const keyring::Message& m) {
          post({&a_, "b", m});
        },
        [] { return std::vector<std::string>{"a"}; });
  }
  ~Wire() {
    a_->connect({}, {});
    b_->connect({}, {});
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  std::atomic<bool> up{true};

 private:
  struct Letter {
    Smith* to;
    std::string from;
    keyring::Message message;
  };
  void post(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (up) letters_.push_back(std::move(letter));
    changed_.notify_all();
  }
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return over_ || !letters_.empty(); });
      if (over_) return;
      const auto letter = std::move(letters_.front());
      letters_.pop_front();
      lock.unlock();
      (*letter.to)->heard(letter.from, letter.message);
      lock.lock();
    }
  }

  Smith &a_, &b_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Letter> letters_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a made key opens when its maker is told, and its secret is nowhere") {
  Folder folder;
  Smith smith("a", folder / "a", true);
  const auto answer = smith.create("prod");
  REQUIRE(answer["ok"] == true);
  const auto secret = answer["secret"].get<std::string>();
  CHECK(smith.opens(secret));
  CHECK(answer["known_by"] == json::array({"a"}));
  CHECK(answer["missing"].empty());
  CHECK(smith->list(file()).dump().find(secret) == std::string::npos);
  CHECK(smith->list(file())["virtual_keys"].size() == 1);
  CHECK(smith->list(config::Config{})["virtual_keys"][0]["state"] == "orphaned");
}

TEST_CASE("two keys of one tenant have two names; a revoked one gives its name back") {
  Folder folder;
  Smith smith("a", folder / "a", true);
  const auto first = smith.create("prod");
  const auto again = smith.create("prod");
  CHECK(again["ok"] == false);
  CHECK(again["status"] == 409);
  CHECK(smith.revoke(first["key"]["id"])["key"]["state"] == "revoked");
  CHECK_FALSE(smith.opens(first["secret"]));
  CHECK(smith.create("prod")["ok"] == true);
}

TEST_CASE("a rotated key opens with both secrets, and without grace with the new one only") {
  Folder folder;
  Smith smith("a", folder / "a", true);
  const auto first = smith.create("prod");
  const auto id = first["key"]["id"].get<std::string>();
  const auto second = smith.rotate(id, 3'600'000);
  CHECK(smith.opens(first["secret"]));
  CHECK(smith.opens(second["secret"]));
  const auto third = smith.rotate(id, 0);
  CHECK_FALSE(smith.opens(first["secret"]));
  CHECK_FALSE(smith.opens(second["secret"]));
  CHECK(smith.opens(third["secret"]));
  CHECK(smith.rotate("vk_none", 0)["status"] == 404);
  smith.revoke(id);
  CHECK(smith.rotate(id, 0)["status"] == 409);
}

TEST_CASE("keys outlive the process") {
  Folder folder;
  std::string kept, gone;
  {
    Smith smith("a", folder / "a", true);
    kept = smith.create("kept")["secret"];
    const auto other = smith.create("gone");
    gone = other["secret"];
    smith.revoke(other["key"]["id"]);
  }
  Smith smith("a", folder / "a", true);
  CHECK(smith.until([&] { return smith.known(); }));
  CHECK(smith.opens(kept));
  CHECK_FALSE(smith.opens(gone));
}

TEST_CASE("a key that cannot be stored is not made, and a revocation that cannot be is not said to be done") {
  Folder folder;
  Smith smith("a", folder / "a", true);
  const auto made = smith.create("first");
  {
    const troupe::testing::FullDisk full;
    const auto refused = smith.create("second");
    CHECK(refused["status"] == 503);
    CHECK_FALSE(refused.contains("secret"));
    CHECK(smith.revoke(made["key"]["id"])["status"] == 503);
    CHECK(smith->keys()->records.size() == 1);
  }
  CHECK(smith.create("second")["ok"] == true);
  CHECK(smith.revoke(made["key"]["id"])["ok"] == true);
}

TEST_CASE("what another node told is in force at once, and noted when it is stored") {
  Folder folder;
  Smith smith("b", folder / "b", true);
  std::mutex mutex;
  std::condition_variable changed;
  bool noted = false;
  smith->connect(
      [&](const std::string&, const keyring::Message& message) {
        const std::lock_guard lock(mutex);
        noted = noted || std::holds_alternative<keyring::Noted>(message);
        changed.notify_all();
      },
      [] { return std::vector<std::string>{"a"}; });
  keyring::Record told;
  told.id = "vk_1";
  told.made = told.turned = {1000, "a"};
  told.tenant = "team";
  told.name = "told";
  told.hash = config::virtual_key_hash("tr-1");
  {
    const troupe::testing::FullDisk full;
    smith->heard("a", keyring::News{{told}});
    CHECK(smith.until([&] { return smith.opens("tr-1"); }));
    CHECK(smith.create("behind it in the line")["status"] == 503);
  }
  CHECK(smith.create("other")["ok"] == true);  // whatever could be noted before is
  std::unique_lock lock(mutex);
  CHECK_FALSE(noted);
  for (int i = 0; i < 100 && !noted; ++i) {
    lock.unlock();
    smith->heard("a", keyring::News{{told}});  // as its maker does until it is noted
    lock.lock();
    changed.wait_for(lock, 100ms, [&] { return noted; });
  }
  CHECK(noted);
  lock.unlock();
  smith->connect({}, {});
}

TEST_CASE("the answer says who knows a change and who does not") {
  Folder folder;
  Smith a("a", folder / "a", false), b("b", folder / "b", false);
  Wire wire(a, b);
  const auto made = a.create("prod");
  CHECK(made["known_by"] == json::array({"a", "b"}));
  CHECK(b.opens(made["secret"]));
  wire.up = false;
  const auto revoked = a.revoke(made["key"]["id"]);
  CHECK(revoked["known_by"] == json::array({"a"}));
  CHECK(revoked["missing"] == json::array({"b"}));
  CHECK(b.opens(made["secret"]));
  wire.up = true;
  CHECK(b.until([&] { return !b.opens(made["secret"]); }));
}
