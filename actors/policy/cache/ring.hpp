#pragma once
// Which node keeps an entry: the highest random weight (Thaler and Ravishankar 1998), as for probers
// (cluster/members/rendezvous.hpp), but over digests, which are random already: no text is hashed per look.
#include <cstdint>
#include <string>
#include <vector>

#include "actors/policy/cache/entry.hpp"

namespace troupe::cache {

/// A value. Who knows the same names picks the same one; a name that comes or goes moves only what is its
/// own. The same in every build: nodes of different versions must agree.
class Ring {
 public:
  /// This node alone.
  explicit Ring(std::string self);
  /// `others` without this node; duplicates do no harm.
  Ring(std::string self, std::vector<std::string> others);

  const std::string& owner(const Digest& key) const;
  const std::string& self() const { return self_; }
  bool has(const std::string& node) const;
  bool alone() const { return names_.size() == 1; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::string self_;
  std::vector<std::string> names_;  ///< sorted
  std::vector<std::uint64_t> seeds_;
};

}  // namespace troupe::cache
