#pragma once
// The side where requests come in: asks the homes, and knows what this node admitted.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "actors/policy/users/messages.hpp"
#include "actors/policy/users/place.hpp"
#include "actors/policy/users/roll.hpp"
#include "actors/policy/users/tally.hpp"

namespace troupe::users {

/// One request; unique on its node and growing, also over restarts of the actor.
using Ticket = std::uint64_t;

/// What a request hears, once.
struct Told {
  Ticket ticket = 0;
  Decision decision;
};
using Telling = std::vector<Told>;

/// How a call ended.
struct Ended {
  bool called = true;  ///< false: nothing was sent, nothing counts
  Tokens input{0}, output{0};
  Duration took{0};  ///< since it was asked for: its request counts from then
};

/// A value with hear() and tick(); what it wants to say is appended to `out`, what requests hear to `told`.
///
/// A home that says nothing for kPatience is not asked for kSilence: its users are held to their limits by
/// what this node admitted of them, whoever had decided that. The home is told of it as soon as it hears.
class Front {
 public:
  static constexpr Duration kPatience = std::chrono::milliseconds(100);
  static constexpr Duration kSilence = std::chrono::seconds(1);
  static constexpr Duration kAgain = std::chrono::milliseconds(200);  ///< between words that nobody noted
  static constexpr Duration kRenewal = std::chrono::seconds(5);       ///< of what is under way
  static constexpr Duration kLongestCall = std::chrono::minutes(30);  ///< longer ones count as ended
  static constexpr std::size_t kQuestions = 65'536;                   ///< beyond, this node decides

  struct Figures {
    std::uint64_t asked = 0;  ///< questions to other nodes
    std::uint64_t alone = 0;  ///< decided here because a home did not answer
  };

  /// `shared`: there is, or was, another node.
  void ask(const Place& place, const std::string& user, Ticket ticket, const Amounts& needed, bool shared,
           Time now, Outbox& out, Telling& told);
  /// The answer has begun: the request, asked for at `at`, cools from then while the call goes on.
  void begun(const Place& place, Ticket ticket, Time at, Time now, Outbox& out);
  /// Once per granted ticket; others are ignored.
  void end(const Place& place, Ticket ticket, const Ended& how, Time now, Outbox& out);
  void hear(const Place& place, const std::string& from, const Answer& answer, Time now, Outbox& out,
            Telling& told);
  void hear(const Place& place, const std::string& from, const Noted& noted);
  void hear(const Place& place, const std::string& from, const Report& report, Time now, Outbox& out);
  void tick(const Place& place, Time now, Outbox& out, Telling& told);
  /// The ring is another one.
  void moved(const Place& place, Time now, Outbox& out);
  /// This node goes: what homes do not know yet is said now.
  void leave(const Place& place, Time now, Outbox& out) { say_all(place, now, out); }
  /// Nobody waits for answers any more.
  void restart();
  void reconfigure(const Place& place);

  const Tally* tally(const std::string& user);
  std::size_t size() const { return users_.size(); }
  const Figures& figures() const { return figures_; }
  bool restless() const { return !questions_.empty() || !unsaid_.empty() || !calls_.empty(); }

 private:
  struct Fresh {
    std::uint64_t version = 0;
    Time at{};
    Amounts amounts;
  };
  struct User {
    explicit User(const config::Limits& limits) : tally(limits) {}
    bool busy() const { return tally.calls() > 0 || !open.empty() || listed; }
    Tally tally;
    std::string home;
    std::uint64_t born = 0, version = 0, noted = 0, said = 0;  ///< 0: the home has nothing of us yet
    Time said_at = kLongAgo;
    Amounts held, total;
    std::deque<Fresh> fresh;          ///< what the home has not noted, if it has noted anything
    std::vector<std::uint64_t> open;  ///< questions without an answer
    bool listed = false;              ///< in `unsaid_`
  };
  struct Call {
    std::string user;
    Amounts held;
    Time since;
  };
  struct Question {
    std::string user;
    Amounts needed;
    Time since;
  };

  User* seat(const Place& place, const std::string& name, Time now);
  void put(const Place& place, User& user, const std::string& name, Ticket ticket, const Amounts& needed,
           Time now, Outbox& out);
  Decision decide(User& user, const std::string& name, Ticket ticket, const Amounts& needed, Time now);
  Decision answered(User& user, const Answer& answer, const Question& question, Time now);
  void take(User& user, const std::string& name, Ticket ticket, const Amounts& needed, Time now);
  void use(User& user, const Amounts& amounts, Time seen, Time now);
  void close(User& user, Ticket ticket);
  void changed(const Place& place, User& user, const std::string& name, Time now, Outbox& out);
  void list(User& user, const std::string& name);
  void say_all(const Place& place, Time now, Outbox& out);
  void give_up(const Place& place, Time now, Outbox& out, Telling& told);
  void renew(const Place& place, Time now);
  void reclaim(const Place& place, Time now, Outbox& out);
  Line line_of(const std::string& name, User& user, bool whole, Time now) const;
  bool silent(const std::string& home, Time now) const;

  Roll<User> users_;
  std::map<Ticket, Call> calls_;
  std::map<Ticket, Question> questions_;
  std::vector<std::string> unsaid_;     ///< users of whom a home knows too little
  std::map<std::string, Time> silent_;  ///< homes, until when they are not asked
  std::uint64_t clock_ = 0;             ///< the last version
  Ticket issued_ = 0;
  Time renewed_ = kLongAgo;
  Figures figures_;
};

}  // namespace troupe::users
