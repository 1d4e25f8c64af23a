#include "actors/policy/waiting_line.hpp"

#include <algorithm>

namespace troupe::policy {

bool WaitingLine::join(std::uint64_t id) {
  if (ids_.size() >= max_length_ || position(id)) return false;
  ids_.push_back(id);
  return true;
}

bool WaitingLine::leave(std::uint64_t id) {
  const auto at = std::find(ids_.begin(), ids_.end(), id);
  if (at == ids_.end()) return false;
  const bool was_head = at == ids_.begin();
  ids_.erase(at);
  return was_head && !ids_.empty();
}

std::optional<std::uint64_t> WaitingLine::head() const {
  if (ids_.empty()) return std::nullopt;
  return ids_.front();
}

std::optional<std::size_t> WaitingLine::position(std::uint64_t id) const {
  const auto at = std::find(ids_.begin(), ids_.end(), id);
  if (at == ids_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - ids_.begin());
}

}  // namespace troupe::policy
