#pragma once
// The credential of one provider key on one I/O thread: fetched, renewed and put on calls.
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "gateway/cloud/identity.hpp"
#include "gateway/http/wakeup.hpp"
#include "gateway/keeper/fetch.hpp"

namespace troupe::keeper {

class Keeper;

/// A call that waits for a credential. Told (once per wait()) when it is worth asking again; ends its wait
/// with itself, and may outlive the keeper.
class Waiter {
 public:
  explicit Waiter(http::Listener& listener) : listener_(listener) {}
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

 private:
  friend class Keeper;
  http::Listener& listener_;
  Keeper* keeper_ = nullptr;
};

/// Header lines for one call. `version` is what to give to rejected().
struct Authorized {
  std::string lines;
  std::uint64_t version = 0;
};
/// A credential is being fetched: wait(), then ask again.
struct NotYet {};

using Authorization = std::variant<Authorized, NotYet, Error>;

/// One thread; no locks. Begins to fetch when it is made.
class Keeper {
 public:
  Keeper(http::Pool& pool, const Clock& clock, Route route, std::unique_ptr<cloud::Identity> identity);
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// Authenticates a call that is otherwise complete; the call must not change afterwards, and be sent within
  /// minutes. An Error where no credential can be had now: it will be tried again by itself, after a pause.
  Authorization authorize(const cloud::SignedCall& call);
  void wait(Waiter& waiter);
  /// The provider refused `version` as expired or unknown. True: one more try with authorize() is worth it.
  bool rejected(std::uint64_t version);
  /// Timeouts, early renewals, repeated tries. Call about once a second.
  void look(Time now);

 private:
  friend class Waiter;
  cloud::Moment moment() const { return {clock_.now(), clock_.wall()}; }
  void go_on();
  void arrived(Result<cloud::Reply> result);
  void tell();

  const Clock& clock_;
  std::unique_ptr<cloud::Identity> identity_;
  Fetch fetch_;
  std::vector<Waiter*> waiters_;
};

}  // namespace troupe::keeper
