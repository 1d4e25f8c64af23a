#pragma once
// One virtual key as the nodes keep it: who may call, for whom, under which policy. Never its secret.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::keyring {

/// Milliseconds since 1970 (UTC); 0: never.
using Millis = std::int64_t;

/// Orders two words about the same thing: the later one, then the greater name.
struct Stamp {
  Millis ms = 0;
  std::string node;
  friend auto operator<=>(const Stamp&, const Stamp&) = default;
};

/// What a key may do. Empty lists and zeros say "no rule of its own".
struct Policy {
  std::vector<std::string> models, providers;  ///< aliases, providers
  std::vector<std::string> ip;                 ///< address ranges in CIDR notation
  std::vector<std::pair<std::string, std::string>> tags;
  Millis expires = 0;
  std::string request_class;  ///< interactive, default or batch
  std::int64_t rpm = 0, tpm = 0, itpm = 0, otpm = 0, rpd = 0, tpd = 0, concurrency = 0;
  double usd = 0;      ///< US dollars that it may spend in one period
  std::string period;  ///< day, week or month
  bool rolling = false;
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// A secret that was replaced and still opens until then.
struct Former {
  std::string hash, prefix;
  Millis until = 0;
  friend bool operator==(const Former&, const Former&) = default;
};

/// Three groups of fields. What it was made as and which secret opens it: the later stamp wins each.
/// Revocation is sticky: once revoked, always.
struct Record {
  std::string id;  ///< "vk_…", drawn once

  Stamp made;
  std::string tenant, name;
  Policy policy;

  Stamp turned;  ///< when the secret was last drawn
  std::string hash, prefix;
  std::vector<Former> former;  ///< newest first, at most kFormer

  Millis revoked = 0;
  friend bool operator==(const Record&, const Record&) = default;
};

inline constexpr std::size_t kFormer = 4;
inline constexpr std::size_t kLargest = 8192;

/// The least that contains both; associative, commutative, idempotent. `b` is of the same id.
Record join(const Record& a, const Record& b);
/// The same for records that are the same; differs where one knows more (64 bits of FNV-1a over the stamps).
std::uint64_t version(const Record& record);
/// Within what a node accepts of another: has an id, and all its texts together at most kLargest bytes.
bool acceptable(const Record& record);

/// `record` with a new secret; the present one opens until `grace_until`; 0: neither it nor
/// any earlier one opens any more.
Record rotated(Record record, const std::string& hash, const std::string& prefix, Stamp stamp,
               Millis grace_until);
/// A stamp of `node` that is later than `last`, whatever its clock says.
Stamp next(const Stamp& last, Millis now, const std::string& node);

}  // namespace troupe::keyring
