#include "gateway/tokens/ranks.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <fstream>
#include <sstream>

namespace troupe::tokens {
namespace {

constexpr std::string_view kMagic = "TRPTOKN1";
constexpr std::size_t kHead = 16;
constexpr std::size_t kMostTokens = 4'000'000;

std::uint32_t number(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

tl::unexpected<Error> bad(std::string why) {
  return fail(Fault::troupe_internal, "token vocabulary: " + std::move(why));
}

std::uint64_t hash(std::string_view token) {
  return XXH3_64bits(token.data(), token.size());
}

}  // namespace

Result<Ranks> Ranks::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return bad("cannot read " + path);
  std::ostringstream content;
  content << file.rdbuf();
  return parse(std::move(content).str());
}

Result<Ranks> Ranks::parse(std::string bytes) {
  if (bytes.size() < kHead || !bytes.starts_with(kMagic)) return bad("not a file of deploy/tokens");
  const std::size_t count = number(bytes, 8);
  if (count > kMostTokens || bytes.size() < kHead + count) return bad("shorter than it says");
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()) + kHead, static_cast<uInt>(bytes.size() - kHead));
  if (sum != number(bytes, 12)) return bad("damaged: run deploy/tokens again");
  Ranks ranks;
  ranks.spans_.resize(count);
  std::size_t at = kHead + count;
  for (std::size_t rank = 0; rank < count; ++rank) {
    const std::size_t size = static_cast<unsigned char>(bytes[kHead + rank]);
    ranks.spans_[rank] = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size)};
    ranks.longest_ = std::max(ranks.longest_, size);
    at += size;
  }
  if (at != bytes.size()) return bad("its lengths do not add up");
  ranks.bytes_ = std::move(bytes);
  ranks.index();
  const auto missing = std::count(std::begin(ranks.single_), std::end(ranks.single_), kNone);
  if (missing > 0) return bad("a single byte has no token");
  return ranks;
}

void Ranks::index() {
  std::fill(std::begin(single_), std::end(single_), kNone);
  slots_.resize(std::bit_ceil(spans_.size() * 2 + 1));
  const auto mask = slots_.size() - 1;
  for (std::uint32_t rank = 0; rank < spans_.size(); ++rank) {
    const auto token = at(rank);
    if (token.empty()) continue;
    if (token.size() == 1) single_[static_cast<unsigned char>(token[0])] = rank;
    const auto key = hash(token);
    auto slot = key & mask;
    while (slots_[slot].rank != kNone) slot = (slot + 1) & mask;
    slots_[slot] = {static_cast<std::uint32_t>(key >> 32), rank};
  }
}

std::uint32_t Ranks::probe(std::string_view token) const {
  const auto mask = slots_.size() - 1;
  const auto key = hash(token);
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  for (auto slot = key & mask; slots_[slot].rank != kNone; slot = (slot + 1) & mask) {
    if (slots_[slot].tag == tag && at(slots_[slot].rank) == token) return slots_[slot].rank;
  }
  return kNone;
}

}  // namespace troupe::tokens
