#pragma once
// The few primitives that signatures are made of, over OpenSSL.
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/types.hpp"
#include "core/result.hpp"

namespace troupe::cloud {

using config::Secret;
using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view text);
Digest hmac_sha256(std::span<const unsigned char> key, std::string_view text);
/// Lower-case.
std::string hex(std::span<const unsigned char> bytes);
/// RFC 4648 section 5, without padding (as RFC 7515 wants it).
std::string base64url(std::string_view bytes);

/// The RSASSA-PKCS1-v1_5 signature (RS256, RFC 7518 section 3.3) of `text` by a PEM private key, raw bytes.
/// Fails when `pem` holds no RSA key; the error says nothing of what it holds.
Result<std::string> sign_rs256(const Secret& pem, std::string_view text);

}  // namespace troupe::cloud
