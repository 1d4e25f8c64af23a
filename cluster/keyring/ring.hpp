#pragma once
// All virtual keys of the cluster as one node knows them, and the talk that keeps the copies equal: what
// changed is told to everybody until they say that they noted it; what got lost is found by comparing sums
// (anti-entropy, Demers et al. 1987). A value; not thread-safe.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cluster/keyring/messages.hpp"
#include "cluster/keyring/record.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::keyring {

struct Settings {
  std::string me;
  Duration round = std::chrono::milliseconds(500);  ///< digests are sent so often, to `fanout` members
  Duration again = std::chrono::milliseconds(150);  ///< news that nobody noted are repeated
  int tries = 10;                                   ///< then the digests find it
  std::size_t fanout = 2;
  std::size_t most = 100'000;  ///< records, revoked ones included; new ones beyond are not taken
};

struct Step {
  std::vector<Outgoing> send;
  std::vector<Record> changed;        ///< as they are now: put them in force and store them
  std::vector<Outgoing> once_stored;  ///< to be sent when `changed` is on disk
};

class Ring {
 public:
  Ring(Settings settings, const std::vector<Record>& stored, Time now, std::uint64_t seed);

  /// This node changed something, and has it on disk: everybody in `peers` is told.
  Step tell(const std::vector<Record>& records, const std::vector<std::string>& peers, Time now);
  /// A store that others write to as well has these.
  Step learn(const std::vector<Record>& records);
  Step hear(const std::string& from, const Message& message, Time now);
  /// At least each 50 ms; `peers` are the members that may be reachable.
  Step tick(const std::vector<std::string>& peers, Time now);

  const std::map<std::string, Record>& records() const { return records_; }
  const Record* find(const std::string& id) const;
  /// Whether that member has noted what tell() told it of the key; worth asking for `again` times `tries`.
  bool noted(const std::string& peer, const std::string& id) const;
  /// Whether this node's copy has been equal to another member's since it began.
  bool compared() const { return compared_; }
  std::uint64_t whole() const { return whole_; }
  bool full() const { return records_.size() >= settings_.most; }

 private:
  struct Open {
    Time due;
    int tries = 0;
  };
  static std::size_t heap_of(const std::string& id);

  bool take(const Record& record);
  void hear(const std::string& from, const Digest& digest, Step& step);
  void hear(const std::string& from, const Sums& sums, Step& step);
  void hear(const std::string& from, const Lines& lines, Step& step);
  void hear(const std::string& from, const Want& want, Step& step);
  void hear(const std::string& from, const News& news, Step& step);
  void hear(const std::string& from, const Noted& noted, Step& step);
  void send_news(const std::string& to, const std::vector<std::string>& ids, Step& step) const;
  void repeat(Time now, Step& step);
  void compare(const std::vector<std::string>& peers, Time now, Step& step);

  Settings settings_;
  Random random_;
  std::map<std::string, Record> records_;
  std::vector<std::uint64_t> sums_ = std::vector<std::uint64_t>(kHeaps, 0);
  std::uint64_t whole_ = 0;
  std::map<std::string, std::map<std::string, Open>> open_;  ///< by member and id: not noted yet
  std::vector<std::string> met_;                             ///< members that were greeted with a digest
  Time round_at_;
  bool compared_ = false;
};

}  // namespace troupe::keyring
