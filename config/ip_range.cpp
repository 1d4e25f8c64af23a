#include "config/ip_range.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace troupe::config {

std::optional<IpBytes> parse_ip(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));
  IpBytes out{};
  if (inet_pton(AF_INET6, address.c_str(), out.data()) == 1) return out;
  out = {};
  out[10] = out[11] = 0xff;
  if (inet_pton(AF_INET, address.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const auto base = parse_ip(address);
  if (!base) return std::nullopt;
  IpRange out;
  out.base_ = *base;
  if (slash == text.npos) return out;
  const auto bits = text.substr(slash + 1);
  const bool four = address.find(':') == address.npos;
  const auto read = std::from_chars(bits.data(), bits.data() + bits.size(), out.prefix_);
  if (read.ec != std::errc{} || read.ptr != bits.data() + bits.size()) return std::nullopt;
  if (out.prefix_ < 0 || out.prefix_ > (four ? 32 : 128)) return std::nullopt;
  if (four) out.prefix_ += 96;
  return out;
}

bool IpRange::holds(const IpBytes& address) const {
  const auto whole = static_cast<std::size_t>(prefix_ / 8);
  if (!std::equal(base_.begin(), base_.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  const int rest = prefix_ % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff << (8 - rest));
  return (base_[whole] & mask) == (address[whole] & mask);
}

bool within(const std::vector<std::string>& ranges, std::string_view address) {
  if (ranges.empty()) return true;
  const auto ip = parse_ip(address);
  return ip && std::any_of(ranges.begin(), ranges.end(), [&](const std::string& text) {
           const auto range = IpRange::parse(text);
           return range && range->holds(*ip);
         });
}

}  // namespace troupe::config
