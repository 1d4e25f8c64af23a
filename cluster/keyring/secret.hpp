#pragma once
// The secret half of a virtual key: drawn here, shown once, kept nowhere.
#include <string>
#include <string_view>

namespace troupe::keyring {

/// "tr-" and 43 base62 characters of OpenSSL's generator: 256 bits. Empty when the generator fails.
std::string draw_secret();
/// "vk_" and 16 base62 characters of the same.
std::string draw_id();
/// Enough to tell keys apart, too little to guess one: "tr-a1b2…".
std::string prefix_of(std::string_view secret);

}  // namespace troupe::keyring
