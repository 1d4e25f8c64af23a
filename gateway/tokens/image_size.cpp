#include "gateway/tokens/image_size.hpp"

#include <array>
#include <string>

namespace troupe::tokens {
namespace {

constexpr std::size_t kLookedAt = 64 << 10;  // bytes of a picture
constexpr std::size_t kMostUriHead = 256;

/// Reads numbers out of a header; 0 beyond its end.
class Header {
 public:
  explicit Header(std::string_view bytes) : bytes_(bytes) {}
  std::int64_t byte(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0;
  }
  std::int64_t big16(std::size_t at) const { return byte(at) << 8 | byte(at + 1); }
  std::int64_t big32(std::size_t at) const { return big16(at) << 16 | big16(at + 2); }
  std::int64_t little16(std::size_t at) const { return byte(at + 1) << 8 | byte(at); }
  std::int64_t little24(std::size_t at) const { return byte(at + 2) << 16 | little16(at); }
  bool has(std::size_t at, std::string_view word) const {
    return bytes_.size() >= at + word.size() && bytes_.substr(at, word.size()) == word;
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

using Size = std::optional<ImageSize>;

Size whole(std::int64_t width, std::int64_t height) {
  return width > 0 && height > 0 ? Size(ImageSize{width, height}) : std::nullopt;
}

/// Walks the segments to the frame header (ITU T.81, B.2.2): SOF0 to SOF15 without DHT, JPG and DAC.
Size jpeg(const Header& header) {
  for (std::size_t at = 2; at + 9 <= header.size();) {
    if (header.byte(at) != 0xFF) return std::nullopt;
    const auto marker = header.byte(at + 1);
    if (marker == 0xFF) {  // padding
      ++at;
      continue;
    }
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) return whole(header.big16(at + 7), header.big16(at + 5));
    at += 2 + static_cast<std::size_t>(header.big16(at + 2));
  }
  return std::nullopt;
}

/// The three kinds of RFC 9649.
Size webp(const Header& header) {
  if (header.has(12, "VP8 ")) return whole(header.little16(26) & 0x3FFF, header.little16(28) & 0x3FFF);
  if (header.has(12, "VP8X")) return whole(header.little24(24) + 1, header.little24(27) + 1);
  if (!header.has(12, "VP8L") || header.size() < 25) return std::nullopt;
  const auto bits = header.little24(21) | header.byte(24) << 24;
  return whole((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
}

constexpr auto kDigits = [] {
  std::array<std::int8_t, 256> table{};
  for (auto& digit : table) digit = -1;
  for (int i = 0; i < 26; ++i) {
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(i);
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(52 + i);
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}();

/// The beginning of what `text` encodes, up to `most` bytes or the first character that is not base64.
std::string decoded(std::string_view text, std::size_t most) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto digit = kDigits[static_cast<unsigned char>(c)];
    if (digit < 0 || bytes.size() >= most) break;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xFF);
  }
  return bytes;
}

}  // namespace

std::optional<ImageSize> image_size(std::string_view bytes) {
  const Header header(bytes);
  if (header.has(0, "\x89PNG\r\n\x1a\n") && header.has(12, "IHDR") && header.size() >= 24)
    return whole(header.big32(16), header.big32(20));
  if ((header.has(0, "GIF87a") || header.has(0, "GIF89a")) && header.size() >= 10)
    return whole(header.little16(6), header.little16(8));
  if (header.has(0, "RIFF") && header.has(8, "WEBP") && header.size() >= 30) return webp(header);
  if (header.has(0, "\xFF\xD8")) return jpeg(header);
  return std::nullopt;
}

std::optional<ImageSize> image_size_in_base64(std::string_view base64) {
  // All but JPEG tell it in the first 30 bytes.
  const auto head = decoded(base64.substr(0, 44), 32);
  return image_size(head.starts_with("\xFF\xD8") ? decoded(base64, kLookedAt) : head);
}

std::optional<ImageSize> image_size_in_uri(std::string_view uri) {
  constexpr std::string_view kBase64 = ";base64,";
  if (!uri.starts_with("data:")) return std::nullopt;
  const auto at = uri.substr(0, kMostUriHead).find(kBase64);
  return at == uri.npos ? std::nullopt : image_size_in_base64(uri.substr(at + kBase64.size()));
}

}  // namespace troupe::tokens
