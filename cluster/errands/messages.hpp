#pragma once
// One node asks another something that is no part of the permit protocol: a view for an operator, or to get
// ready for a configuration. Lost ones are not repeated; who asks waits a bounded time.
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace troupe::errands {

/// `text` belongs to `what`: "view" (a target of the admin port), "config" (a step of a reload), ...
struct Ask {
  std::uint64_t id = 0;  ///< of the asking node's; it comes back in the answer
  std::string what, text;
};
/// `status` as in HTTP. More than kText is answered with 413 and no text.
struct Told {
  std::uint64_t id = 0;
  std::uint32_t status = 0;
  std::string text;
};
using Message = std::variant<Ask, Told>;

inline constexpr std::size_t kText = std::size_t{1} << 20, kWhat = 32;

}  // namespace troupe::errands
