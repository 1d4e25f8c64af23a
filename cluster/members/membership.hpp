#pragma once
// Who is in the cluster: joining through any node, leaving, failure detection, gossip.
//
// SWIM (Das, Gupta, Motivala 2002) with memberlist's suspicion, over links to everybody: proof of life is the
// link, hearsay repairs what one pair of nodes cannot see, and only a suspect itself can clear its name.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cluster/members/event.hpp"
#include "cluster/members/messages.hpp"
#include "cluster/members/news.hpp"
#include "cluster/members/reach.hpp"
#include "cluster/members/roster.hpp"
#include "cluster/members/settings.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::members {

/// What a call of Membership asks its owner to do: send, and tell.
struct Step {
  std::vector<Outgoing> send;
  std::vector<Event> events;
};

/// One member for inspection.
struct MemberView {
  Member member;
  bool linked = false;  ///< from here; this node itself: true
  Duration age{};       ///< in this state, as known here
};

/// This node's view of all. Starts as `joining`; is let in by any member, or by any voter when all begin; the
/// only voter of a cluster lets itself in. A value; not thread-safe. Message size is bounded by the constants
/// in messages.hpp; what is longer is ignored whole, and counted.
class Membership {
 public:
  Membership(const Settings& settings, Time now, std::uint64_t seed);

  /// The link to `peer` stands, or is gone.
  Step connected(const std::string& peer, Time now);
  Step disconnected(const std::string& peer, Time now);
  /// `from` is the name that the link has proven.
  Step hear(const std::string& from, const Message& message, Time now);
  /// At least each 100 ms. A gap longer than `suspect_after` is taken for a pause of this process.
  Step tick(Time now);
  /// Says goodbye to everybody; final. Hand everything back before. Tick on for a second or two.
  Step leave(Time now);
  /// Tells the others what changed on this node.
  Step announce(std::uint64_t revision, std::uint64_t configuration, bool draining, Time now);

  /// With the incarnation in force: raised when the cluster remembers a higher one of an earlier life.
  const Member& self() const { return self_; }
  bool in() const { return self_.state == State::alive && !usurped_; }
  /// Another process has this node's name: stop. Nothing is sent or taken any more.
  bool usurped() const { return usurped_; }
  /// By name, this node among them.
  std::vector<MemberView> view(Time now) const;
  /// The names of the alive, this node among them while it is in; suspects and the draining are left out.
  std::vector<std::string> alive() const;
  /// Which of them does `item` (a key's probes) for all: everybody who knows the same names says the same.
  /// The draining only when there is nobody else; empty when nobody is alive.
  std::string responsible(std::string_view item) const;
  /// Whom the link shall keep connections with: voters, and everybody who did not leave.
  std::vector<Peer> peers() const;
  /// The link's question about an unknown name with a good certificate.
  bool may_join(const std::string& name) const;
  /// Joins that found the table full; messages that no honest node sends.
  std::uint64_t refused() const { return refused_; }
  std::uint64_t ignored() const { return ignored_; }

 private:
  void take(const std::string& from, const Join& message, Time now);
  void take(const std::string& from, const Welcome& message, Time now);
  void take(const std::string& from, const Gossip& message, Time now);
  void take(const std::string& from, const Digest& message, Time now);
  void take(const std::string& from, const Records& message, Time now);
  void take(const std::string& from, const Want& message, Time now);
  void take(const std::string& from, const Inquiry& message, Time now);
  void take(const std::string& from, const Voucher& message, Time now);
  void take(const std::string& from, const HealthNews& message, Time now);

  void absorb(const std::vector<Member>& members, Time now);
  void absorb(const Member& heard, Time now);
  void about_me(const Line& heard, Time now);
  void learnt(const std::optional<Member>& before, const Member& after, Time now);
  void admitted(Time now);

  void judge(Time now);
  void judge(const std::string& name, Time now);
  void ask(Time now);
  void gossip(Time now);
  void ask_in(const std::string& peer);
  void send(const std::string& to, Message message);
  void send_digest(const std::string& to);
  void send_records(const std::string& to, std::vector<Member> members);
  std::vector<std::string> some_links(std::size_t count);
  bool reads(const Message& message) const;
  bool welcomes() const;
  const Member* record(std::string_view name) const;
  std::uint64_t fingerprint() const { return roster_.fingerprint() + Roster::weight(line_of(self_)); }
  Step done() { return std::exchange(step_, {}); }

  Settings settings_;
  Member self_;
  bool usurped_ = false;
  Random random_;
  Roster roster_;
  Reach reach_;
  News<std::string> news_;
  Step step_;
  Time since_, last_tick_, round_at_, hot_round_at_, digest_at_;
  std::string digest_from_;  ///< where the next digest of a large cluster begins
  std::uint64_t refused_ = 0, ignored_ = 0;
};

}  // namespace troupe::members
