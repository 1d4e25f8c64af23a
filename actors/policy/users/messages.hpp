#pragma once
// What nodes tell each other about the end users of tenants. Any may be lost, late, doubled or overtaken.
//
// Each node tells a user's home what it admitted of him as a state that replaces the former one (Line), never
// as a change, so that nothing counts twice and nothing is held for ever.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/policy/users/tally.hpp"
#include "core/time.hpp"

namespace troupe::users {

/// What one or more calls have used.
struct Use {
  Duration age{0};
  Amounts amounts;
};

/// All that one node admitted of one user.
struct Line {
  std::string user;
  std::uint64_t version = 0;        ///< a later one knows more; of one process of the node
  std::uint64_t born = 0;           ///< the version at which `total` began at nothing
  std::uint64_t issued = 0;         ///< no question up to this one is without an answer ...
  std::vector<std::uint64_t> open;  ///< ... but these
  std::int64_t calls = 0;           ///< under way
  Amounts held;                     ///< by them
  Amounts total;                    ///< used since `born`
  std::vector<Use> fresh;           ///< the last of it, oldest first
  /// All that cools: for a home that has nothing of that node yet.
  std::optional<std::vector<Cooled>> whole;
};

/// To the home: may `line.user` make one more request?
struct Ask {
  std::string tenant;
  std::uint64_t boot = 0;  ///< of the asking node's process; later ones are larger
  std::uint64_t id = 0;    ///< unique and growing within it
  Amounts needed;
  Line line;
};
/// From the home.
struct Answer {
  std::string tenant;
  std::uint64_t boot = 0, id = 0;  ///< of the question
  std::string user;
  std::uint64_t version = 0;  ///< of the line that came with it: noted
  Decision decision;
};
/// To the home: what was admitted has changed.
struct Lines {
  std::string tenant;
  std::uint64_t boot = 0;
  std::vector<Line> lines;
};
/// From the home: it knows up to these versions.
struct Noted {
  std::string tenant;
  std::uint64_t boot = 0;  ///< whose versions
  std::vector<std::pair<std::string, std::uint64_t>> versions;
};
/// From a home that has nothing of you, or doubts it: all that you admitted of this user, and know of him.
/// `must`: answer also when that is nothing.
struct Report {
  std::string tenant, user;
  bool must = false;
};

/// What a home knows of one node's admissions of one user.
struct Part {
  std::string node;
  std::uint64_t boot = 0, version = 0, born = 0;
  std::int64_t calls = 0;
  Amounts held, total;
};
/// What a home knows of one user.
struct Record {
  std::string user;
  std::vector<Cooled> cooled;
  std::vector<Part> parts;
};
/// To the new home, from the old one; again until it is taken.
struct Handover {
  std::string tenant;
  std::uint64_t boot = 0, id = 0;  ///< of the old home
  std::vector<Record> records;
};
/// From the new home: that one is known here.
struct Taken {
  std::string tenant;
  std::uint64_t boot = 0, id = 0;
};

using Message = std::variant<Ask, Answer, Lines, Noted, Report, Handover, Taken>;
/// To whom, what.
using Outbox = std::vector<std::pair<std::string, Message>>;

/// A message has at most so many lines or records.
inline constexpr std::size_t kAtOnce = 32;

}  // namespace troupe::users
