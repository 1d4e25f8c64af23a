#include "cluster/keyring/record.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace troupe::keyring {
namespace {

std::size_t size_of(const std::vector<std::string>& list) {
  std::size_t out = 0;
  for (const auto& text : list) out += text.size() + 1;
  return out;
}

std::size_t size_of(const Policy& policy) {
  auto out = size_of(policy.models) + size_of(policy.providers) + size_of(policy.ip) +
             policy.request_class.size() + policy.period.size();
  for (const auto& [name, value] : policy.tags) out += name.size() + value.size() + 2;
  return out;
}

std::uint64_t add(std::uint64_t hash, std::string_view text) {
  return fnv1a(std::string_view("\0", 1), fnv1a(text, hash));
}

std::uint64_t add(std::uint64_t hash, const Stamp& stamp) {
  return add(add(hash, std::to_string(stamp.ms)), stamp.node);
}

}  // namespace

Record join(const Record& a, const Record& b) {
  Record out = a;
  if (b.made > a.made) {
    out.made = b.made;
    out.tenant = b.tenant;
    out.name = b.name;
    out.policy = b.policy;
  }
  if (b.turned > a.turned) {
    out.turned = b.turned;
    out.hash = b.hash;
    out.prefix = b.prefix;
    out.former = b.former;
  }
  out.revoked =
      a.revoked != 0 && b.revoked != 0 ? std::min(a.revoked, b.revoked) : std::max(a.revoked, b.revoked);
  return out;
}

std::uint64_t version(const Record& record) {
  auto hash = add(fnv1a(""), record.id);
  hash = add(add(hash, record.made), record.turned);
  return add(hash, std::to_string(record.revoked));
}

bool acceptable(const Record& record) {
  std::size_t size = size_of(record.policy);
  for (const auto* text : {&record.id, &record.made.node, &record.tenant, &record.name, &record.turned.node,
                           &record.hash, &record.prefix})
    size += text->size();
  for (const auto& former : record.former) size += former.hash.size() + former.prefix.size();
  return !record.id.empty() && record.former.size() <= kFormer && size <= kLargest;
}

Record rotated(Record record, const std::string& hash, const std::string& prefix, Stamp stamp,
               Millis grace_until) {
  if (grace_until > 0)
    record.former.insert(record.former.begin(), {record.hash, record.prefix, grace_until});
  else
    record.former.clear();
  if (record.former.size() > kFormer) record.former.resize(kFormer);
  record.hash = hash;
  record.prefix = prefix;
  record.turned = std::move(stamp);
  return record;
}

Stamp next(const Stamp& last, Millis now, const std::string& node) {
  return {std::max(now, last.ms + 1), node};
}

}  // namespace troupe::keyring
