#include "gateway/tokens/image_size.hpp"

#include <string>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace std::string_literals;
using namespace troupe::tokens;

namespace {

const std::string kPng = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x05\0\0\0\x02\xd0\x08\x02\0\0\0"s;   // 1280 x 720
const std::string kGif = "GIF89a\x40\x01\xf0\0\x80\0\0"s;                                        // 320 x 240
const std::string kLossy = "RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01\0"s;  // 640 x 480
const std::string kExtended = "RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x07\0\x37\x04\0"s;  // 1920 x 1080
const std::string kLossless = "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\x41\x16\0\0\0\0\0\0"s;    // 320 x 90
const std::string kJpeg =
    "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc4\0\x04\1\2\xff\xff\xc2\0\x11\x08\x01\x2c\x01\x90\x03"s;  // 400 x 300

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i <= bytes.size() ? digits[bits >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

}  // namespace

TEST_CASE("the size of a picture stands in its header, in every format that models take") {
  CHECK(image_size(kPng) == ImageSize{1280, 720});
  CHECK(image_size(kGif) == ImageSize{320, 240});
  CHECK(image_size(kJpeg) == ImageSize{400, 300});
  CHECK(image_size(kLossy) == ImageSize{640, 480});
  CHECK(image_size(kExtended) == ImageSize{1920, 1080});
  CHECK(image_size(kLossless) == ImageSize{320, 90});
}

TEST_CASE("a picture in a data URI is measured without decoding the rest of it") {
  CHECK(image_size_in_uri("data:image/png;base64," + base64(kPng) + std::string(1 << 20, '!')) ==
        ImageSize{1280, 720});
  CHECK(image_size_in_uri("data:image/jpeg;base64," + base64(kJpeg)) == ImageSize{400, 300});
  CHECK(image_size_in_base64(base64(kLossless)) == ImageSize{320, 90});
}

TEST_CASE("a JPEG whose frame comes after 64 KiB has an unknown size") {
  std::string late = "\xff\xd8"s;
  for (int i = 0; i < 2; ++i) late += "\xff\xe1\xff\xff"s + std::string(65533, 'x');
  late += kJpeg.substr(2);
  CHECK(image_size(late) == ImageSize{400, 300});
  CHECK_FALSE(image_size_in_base64(base64(late)));
}

TEST_CASE("what is no picture, cut short or without a size has none") {
  for (const auto& whole : {kPng, kGif, kJpeg, kLossy, kExtended, kLossless}) {
    CHECK_FALSE(image_size(std::string_view(whole).substr(0, 9)));
    auto random = troupe::Random(1);
    for (int round = 0; round < 500; ++round) {
      auto broken = whole.substr(0, random.below(whole.size() + 1));
      if (!broken.empty()) broken[random.below(broken.size())] = static_cast<char>(random.below(256));
      const auto size = image_size(broken);
      if (size) CHECK((size->width > 0 && size->height > 0));
    }
  }
  CHECK_FALSE(image_size("%PDF-1.7"));
  CHECK_FALSE(image_size(""));
  CHECK_FALSE(image_size("\xff\xd8\xff\xe0\0\0\0\0\0\0\0\0\0\0"s));
  CHECK_FALSE(image_size_in_uri("https://example.com/a.png"));
  CHECK_FALSE(image_size_in_uri("data:image/png,rawbytes"));
}
