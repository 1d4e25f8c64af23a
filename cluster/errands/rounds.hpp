#pragma once
// The questions that this node has asked others and that are still open.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cluster/errands/messages.hpp"
#include "core/time.hpp"

namespace troupe::errands {

/// What one node said; `status` 0: nothing in time.
struct Answer {
  std::string node;
  std::uint32_t status = 0;
  std::string text;
};

/// A question to some nodes that has ended: everybody answered, or its time is over.
struct Ended {
  std::uint64_t round = 0;
  std::vector<Answer> answers;  ///< by name, one of each who was asked
};

/// A value; not thread-safe. Only who was asked can answer, once; the number in a message names question and
/// node, so that nobody answers for another.
class Rounds {
 public:
  static constexpr std::size_t kMost = 64;  ///< open questions; more are not asked

  struct Sent {
    std::string to;
    Ask ask;
  };
  struct Asked {
    std::uint64_t round = 0;
    std::vector<Sent> send;
  };
  /// nullopt: too many are open.
  std::optional<Asked> ask(const std::vector<std::string>& nodes, const std::string& what,
                           const std::string& text, Time until);
  /// Ignored when it answers nothing that `from` was asked.
  void hear(const std::string& from, Told told);
  /// Rounds that have ended by now; each is told once.
  std::vector<Ended> ended(Time now);
  std::size_t open() const { return rounds_.size(); }

 private:
  struct Round {
    Time until;
    std::size_t missing = 0;
    std::vector<Answer> answers;
  };
  std::map<std::uint64_t, Round> rounds_;
  std::map<std::uint64_t, std::pair<std::uint64_t, std::size_t>> asked_;  ///< by message: round, position
  std::uint64_t next_ = 1;
};

}  // namespace troupe::errands
