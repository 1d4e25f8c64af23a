#pragma once
// The name of an answer: everything that it depends on, hashed.
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/policy/cache/entry.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::cache {

/// What an answer depends on beside the body. Views of the caller's.
struct Circle {
  std::string_view tenant;  ///< "" where entries are shared
  /// What this caller may use and asked for, as text: answers never cross policies.
  std::string_view policy;
  std::string_view alias_revision;  ///< of the alias' own definition: other targets, other answers
};

/// nullopt: not to be cached. The request's endpoint, alias, whether it streams (and with usage), the headers
/// that it passes on, and its body in canonical form.
std::optional<Digest> digest_of(const dialects::Request& request, const Circle& circle);

/// SHA-256.
Digest digest(std::string_view bytes);

}  // namespace troupe::cache
