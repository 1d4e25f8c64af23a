#include "cluster/members/rendezvous.hpp"

namespace troupe::members {

std::uint64_t stable_hash(std::string_view text, std::uint64_t seed) {
  // FNV-1a, then the finaliser of splitmix64: FNV alone leaves names that differ in the last letter close.
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31);
}

std::string_view elect(std::string_view item, const std::vector<std::string_view>& names) {
  std::string_view best;
  std::uint64_t highest = 0;
  const auto seed = stable_hash(item);
  for (const auto name : names) {
    const auto weight = stable_hash(name, seed);
    const bool wins = best.empty() || weight > highest || (weight == highest && name < best);
    if (!wins) continue;
    best = name;
    highest = weight;
  }
  return best;
}

}  // namespace troupe::members
