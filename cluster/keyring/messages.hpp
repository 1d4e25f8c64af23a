#pragma once
// What nodes say to each other about virtual keys. Any of them may be lost, late, doubled or out of order:
// what they carry is joined.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cluster/keyring/record.hpp"

namespace troupe::keyring {

/// Keys are spread over so many heaps by a hash of their ids; two nodes compare heap by heap.
inline constexpr std::size_t kHeaps = 256;
/// Records in one News, heaps in one Lines: a message stays far below a frame's 4 MiB.
inline constexpr std::size_t kNews = 400, kHeapsAtOnce = 32;

/// One record in one word: whoever has the same version needs to hear nothing.
struct Line {
  std::string id;
  std::uint64_t version = 0;
};

/// This is what I know, all in one number. `back`: the other side asked, so say nothing to it.
struct Digest {
  std::uint64_t whole = 0;
  bool back = false;
};
/// The answer when the numbers differ: one per heap.
struct Sums {
  std::vector<std::uint64_t> heaps;
};
/// The answer when heaps differ: what I have in some of them.
struct Lines {
  std::vector<std::uint32_t> heaps;
  std::vector<Line> lines;
};
/// Send me these.
struct Want {
  std::vector<std::string> ids;
};
/// Know these.
struct News {
  std::vector<Record> records;
};
/// What you sent is in force here and, where this node has a store, on its disk.
struct Noted {
  std::vector<Line> lines;
};

using Message = std::variant<Digest, Sums, Lines, Want, News, Noted>;

struct Outgoing {
  std::string to;
  Message message;
};

}  // namespace troupe::keyring
