#pragma once
// How large a picture is, from its first bytes.
#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::tokens {

struct ImageSize {
  std::int64_t width = 0, height = 0;  ///< pixels, both above 0
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};

/// From the header of a PNG, JPEG, GIF or WebP; nullopt for anything else, and where the size does not stand
/// in `bytes`. Looks at headers only.
std::optional<ImageSize> image_size(std::string_view bytes);

/// The same of a data URI ("data:image/png;base64,..."): decodes at most the first 64 KiB of the picture (a
/// JPEG with a longer preamble has an unknown size). nullopt for links.
std::optional<ImageSize> image_size_in_uri(std::string_view uri);
/// Of base64 without the head.
std::optional<ImageSize> image_size_in_base64(std::string_view base64);

}  // namespace troupe::tokens
