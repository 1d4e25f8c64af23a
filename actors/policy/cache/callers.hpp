#pragma once
// The asking side of one node: its callers who want the same answer are one question to the owner.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/policy/cache/messages.hpp"
#include "actors/policy/cache/ring.hpp"

namespace troupe::cache {

/// One caller of this node, while it waits or leads.
using Ticket = std::uint64_t;

/// What a caller hears, once: the answer, or (no `entry`) that it shall get it itself and end() then.
struct Told {
  Ticket ticket = 0;
  EntryPtr entry;
  Duration age{0};
};

/// How the call of a caller that led ended.
struct End {
  EntryPtr entry;     ///< nullptr: no answer that could be given twice
  Duration ttl{0};    ///< of the entry
  bool open = false;  ///< no entry, and no caller would get one (too large, not to be stored)
};

/// A value with hear() and tick(); what it wants to say is appended to `out`, what callers hear to `told`. An
/// owner that says nothing for kPatience is not asked for kSilence: its callers go on as if nobody had the
/// answer, still one at a time on this node.
class Callers {
 public:
  static constexpr Duration kPatience = std::chrono::milliseconds(50);
  static constexpr Duration kSilence = std::chrono::seconds(1);
  static constexpr Duration kAgain = std::chrono::milliseconds(500);  ///< between words while one waits
  static constexpr Duration kLost = std::chrono::milliseconds(1800);  ///< no word while one waits
  static constexpr std::size_t kQuestions = 65536;                    ///< beyond, callers go by themselves
  static constexpr int kFailures = 3;  ///< leaders in a row, then everybody goes by itself

  using Telling = std::vector<Told>;

  void ask(const Ring& ring, const Digest& key, Ticket ticket, Duration max_age, Time now, Outbox& out,
           Telling& told);
  /// Of a caller that leads: its call is over. Of one that waits: it went away. Unknown ones are ignored.
  void end(const Ring& ring, const Digest& key, Ticket ticket, const End& how, Time now, Outbox& out,
           Telling& told);
  void hear(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told);
  void tick(const Ring& ring, Time now, Outbox& out, Telling& told);
  std::size_t questions() const { return questions_.size(); }
  std::size_t waiting() const;

 private:
  struct Caller {
    Ticket ticket = 0;
    Duration max_age{0};
  };
  enum class Stage : std::uint8_t { asked, parked, leading };
  struct Question {
    std::string owner;
    std::uint64_t id = 0;
    Stage stage = Stage::asked;
    Time said{}, heard{};  ///< to and from the owner
    Ticket leader = 0;
    int failures = 0;
    std::vector<Caller> waiting;
  };
  using Questions = std::unordered_map<Digest, Question, DigestHash>;

  void put(const Digest& key, Question& question, Time now, Outbox& out);
  /// The first who waits leads; false when nobody waits.
  static bool lead(Question& question, Telling& told);
  static void give(Question& question, const EntryPtr& entry, Duration age, Telling& told);
  void ended(const Ring& ring, Questions::iterator at, const End& how, Outbox& out, Telling& told);
  void end_outside(const Ring& ring, Questions::iterator at, const Digest& key, Ticket ticket, const End& how,
                   Outbox& out, Telling& told);
  bool silent(const std::string& owner, Time now) const;
  void tick(const Ring& ring, const Digest& key, Question& question, Time now, Outbox& out, Telling& told);

  Questions questions_;
  std::map<std::string, Time> silent_;  ///< owners, until when they are not asked
  std::uint64_t next_ = 1;
};

}  // namespace troupe::cache
