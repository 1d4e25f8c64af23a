#pragma once
// The home's side: the only count of its users that decides.
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

/// A value with hear() and tick(); what it wants to say is appended to `out`.
///
/// Of each user it knows what every node admitted (a part), by that node's last word, and what it granted
/// itself that no word of the asking node's tells of yet. A user is within his limits when the sum is. The
/// calls of a node that is gone are over and count as used, as they were estimated.
class Home {
 public:
  /// A grant that the asking node says nothing of for so long is doubted: the node is asked.
  static constexpr Duration kDoubt = std::chrono::seconds(5);
  /// A node that is not there any more and says nothing for so long holds nothing.
  static constexpr Duration kGone = std::chrono::seconds(1);
  static constexpr Duration kAgain = std::chrono::milliseconds(200);  ///< between two tries to hand over

  void hear(const Place& place, const std::string& from, const Ask& ask, Time now, Outbox& out);
  void hear(const Place& place, const std::string& from, const Lines& lines, Time now, Outbox& out);
  /// What is known here already and newer stays.
  void hear(const Place& place, const std::string& from, const Handover& handover, Time now, Outbox& out);
  void hear(const Place& place, const Taken& taken);
  /// Another node is his home now: it gets what is known here.
  void hear(const Place& place, const std::string& from, const Report& report, Time now, Outbox& out);
  /// The ring was `before`: users whose home is elsewhere now go there.
  void moved(const Place& place, const Place& before, Time now, Outbox& out);
  /// Tells those who will be homes without this node what it knows.
  void leave(const Place& without, Time now, Outbox& out);
  void tick(const Place& place, Time now, Outbox& out);
  void reconfigure(const Place& place);

  std::size_t size() const { return users_.size(); }
  bool restless() const { return strangers_ || !doubts_.empty() || !packets_.empty(); }

 private:
  struct Grant {
    std::uint64_t id = 0;
    Amounts amounts;
  };
  /// `known` as in the last line of that node.
  struct Of {
    Part known;
    Time heard{};
    std::uint64_t issued = 0;
    std::vector<std::uint64_t> open;
    std::vector<Grant> granted;  ///< which `known` does not tell of yet
    bool resolved(std::uint64_t id) const;
  };
  struct User {
    explicit User(const config::Limits& limits) : tally(limits) {}
    bool busy() const { return tally.calls() > 0; }
    Of* find(const std::string& node);
    /// What comes of that process is from before the one that runs there now.
    bool knows_later(const std::string& node, std::uint64_t boot);
    void let_go(Of& of, Time now);
    Tally tally;
    std::vector<Of> parts;
  };
  struct Doubt {
    Time since;
    std::string user, node;
    std::uint64_t id = 0;
  };

  /// On its way to another home.
  struct Packet {
    std::string to;
    Handover content;  ///< as of `made`
    Time made{}, said{};
  };
  using ByHome = std::map<std::string, std::vector<Record>>;

  User* seat(const Place& place, const std::string& from, const std::string& name, Time now, Outbox& out);
  static Of* take(User& user, const std::string& from, std::uint64_t boot, const Line& line, Time now);
  static void count(User& user, const Of& of, const Line& line, Time now);
  static void settle(User& user, Of& of, const Line& line);
  Decision decide(User& user, Of& of, const std::string& name, const Ask& ask, Time now);
  static User made_of(const Place& place, const Record& record, Time now);
  static void carry_over(const Place& place, User& to, Of& of, const std::string& name, Time now,
                         Outbox& out);
  static Record record_of(const std::string& name, User& user, Time now);
  void settle_in(const Place& place, const Record& record, Time now, Outbox& out);
  void pack(const Place& place, ByHome by_home, Time now, Outbox& out);
  void unpack(const Place& place, Time now, Outbox& out);
  void send(Packet& packet, Time now, Outbox& out);
  void resend(const Place& place, Time now, Outbox& out);
  void forget_gone(const Place& place, Duration silence, Time now);

  Roll<User> users_;
  std::vector<Packet> packets_;
  std::uint64_t packed_ = 0;
  std::deque<Doubt> doubts_;     ///< grants, oldest first
  Time young_until_ = kLongAgo;  ///< what was used elsewhere before may not be known here
  Time looked_ = kLongAgo;
  bool strangers_ = false;  ///< nodes hold something that are not there
};

}  // namespace troupe::users
