#pragma once
// Everything that nodes say to each other about who is there and how keys are. Structs of integers, texts and
// lists only. Any of them may be lost, late, doubled or out of order: what they carry is merged, newest
// first.
#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace troupe::members {

/// In the order in which they override each other at the same incarnation and serial.
enum class State : std::uint8_t {
  joining,  ///< asks to be let in
  alive,
  suspect,  ///< somebody cannot reach it and found nobody who can
  dead,     ///< a suspect that nobody spoke for
  left,     ///< said goodbye; final for this incarnation
};

/// One node as another knows it. Only the node itself raises `serial`; a restart has a higher incarnation.
struct Member {
  std::string name;     ///< a DNS label: the certificate's name
  std::string address;  ///< host:port that others dial
  std::uint64_t incarnation = 0;
  std::uint64_t serial = 0;  ///< raised to refute a suspicion and to announce a change
  State state = State::joining;
  bool voter = false;
  bool draining = false;            ///< finishes what it has, and wants nothing new
  std::uint64_t revision = 0;       ///< of the configuration in force on it, counted by itself
  std::uint64_t configuration = 0;  ///< fingerprint of what all nodes must have in common; 0: not known
  friend bool operator==(const Member&, const Member&) = default;
};

/// What of a member decides which of two words about it is newer.
struct Line {
  std::string name;
  std::uint64_t incarnation = 0, serial = 0;
  State state = State::joining;
  friend bool operator==(const Line&, const Line&) = default;
};

/// Newcomer to anybody who is in: let me in. `self.name` is the sender's.
struct Join {
  Member self;
};
/// Answer to Join: this is everybody, you included as you are known. Large clusters send several.
struct Welcome {
  std::vector<Member> members;
};
/// Each round to a few: what changed lately, and a fingerprint of everybody who is in. At most kNews members.
struct Gossip {
  std::uint64_t fingerprint = 0;
  std::vector<Member> news;
};
/// Answer to a different fingerprint: what I have. At most kLines lines; `whole` when nobody is left out.
struct Digest {
  bool whole = false;
  std::vector<Line> lines;
};
/// Answer to Digest: what is newer here. At most kRecords.
struct Records {
  std::vector<Member> members;
};
/// Answer to Digest: of these you know more than I do.
struct Want {
  std::vector<std::string> names;
};
/// I have lost my link to this node: do you still have yours?
struct Inquiry {
  std::string about;
  std::uint64_t incarnation = 0;
};
/// Answer to Inquiry, only when the link stands.
struct Voucher {
  std::string about;
  std::uint64_t incarnation = 0;
};

/// What a fact about a key is about. Each key has at most one fact per aspect.
enum class Aspect : std::uint8_t {
  verdict,  ///< `value` 1: the provider refuses the key (401, 402, 403); 0: it works again
  pause,    ///< `value` 1: no call before the remaining time is over (429 with a time); 0: taken back
  breaker,  ///< `value` 1: open for the remaining time; 0: closed
  rpm,  ///< from here on: `value` is the limit that the provider told, for the remaining time; 0: forget it
  tpm,
  itpm,
  otpm,
  rpd,
  tpd,
};
inline constexpr std::size_t kAspects = 9;

/// Says in what order facts were learnt, across nodes (Lamport 1978): the higher one replaces the lower.
struct Stamp {
  std::uint64_t version = 0;
  std::string node;
  std::uint64_t incarnation = 0;  ///< of the node: a restarted one begins to count again
  auto operator<=>(const Stamp&) const = default;
};

/// What one node learnt about one provider key.
struct Fact {
  std::string key;             ///< "provider/key"
  std::uint64_t revision = 0;  ///< fingerprint of the key's own configuration; facts of another are ignored
  Aspect aspect = Aspect::verdict;
  Stamp stamp;
  std::int64_t value = 0;
  std::int64_t remaining_ms = kUntilChanged;         ///< never an instant: nodes' clocks are not compared
  static constexpr std::int64_t kUntilChanged = -1;  ///< until the key's configuration changes
  friend bool operator==(const Fact&, const Fact&) = default;
};
/// Facts that are new or still hold. At most kFacts.
struct HealthNews {
  std::vector<Fact> facts;
};

inline constexpr std::size_t kNews = 16, kLines = 256, kRecords = 64, kFacts = 32;

using Message = std::variant<Join, Welcome, Gossip, Digest, Records, Want, Inquiry, Voucher, HealthNews>;

/// To be sent over the link, in its line; what a broken link loses is said again.
struct Outgoing {
  std::string to;
  Message message;
};

}  // namespace troupe::members
