#include "cluster/link/splitter.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace troupe::link {
namespace {
constexpr std::size_t kRead = 64 << 10;  // one reading: four TLS records
constexpr std::size_t kStart = 4 << 10;  // before a peer has shown that it has something to say
constexpr std::size_t kLength = 4;
}  // namespace

Splitter::Splitter(std::size_t cap) : cap_(cap) {}

std::span<char> Splitter::room() {
  const auto held = end_ - begin_;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, held);
    begin_ = 0;
    end_ = held;
  }
  if (held < kRead && buffer_.size() > 4 * kRead) {
    buffer_.resize(2 * kRead);
    buffer_.shrink_to_fit();
  }
  const auto step = cap_ <= kStart ? kStart : kRead;
  if (buffer_.size() - held < step) {
    const auto most = std::max(cap_ + kLength, held) + step;
    buffer_.resize(std::min(std::max(2 * held, held + step), most));
  }
  return {buffer_.data() + end_, buffer_.size() - end_};
}

void Splitter::took(std::size_t n) {
  end_ += n;
}

std::optional<std::string_view> Splitter::next() {
  if (oversized_ || end_ - begin_ < kLength) return std::nullopt;
  const auto* at = reinterpret_cast<const unsigned char*>(buffer_.data() + begin_);
  const std::size_t n = std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
                        std::uint32_t{at[3]};
  if (n > cap_) {
    oversized_ = true;
    return std::nullopt;
  }
  if (end_ - begin_ - kLength < n) return std::nullopt;
  begin_ += kLength + n;
  return std::string_view(buffer_.data() + begin_ - n, n);
}

}  // namespace troupe::link
