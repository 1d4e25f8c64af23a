#include "gateway/cache/key.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "gateway/cache/canonical.hpp"

namespace troupe::cache {
namespace {

using dialects::Operation;

/// What makes the answer depend on what the provider remembers, or be only begun.
constexpr std::array<std::string_view, 4> kElsewhere{"previous_response_id", "conversation", "prompt",
                                                     "background"};

void append(std::string& out, std::string_view text) {
  const std::uint64_t size = text.size();
  char bytes[8];
  std::memcpy(bytes, &size, 8);
  out.append(bytes, 8).append(text);
}

/// One context per thread, and the algorithm fetched once: both cost more than hashing a short request.
struct Sha {
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

}  // namespace

Digest digest(std::string_view bytes) {
  thread_local Sha sha;
  unsigned char sum[EVP_MAX_MD_SIZE] = {};
  EVP_DigestInit_ex2(sha.context.get(), sha.md.get(), nullptr);
  EVP_DigestUpdate(sha.context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(sha.context.get(), sum, nullptr);
  Digest out;
  std::memcpy(&out.a, sum, 8);
  std::memcpy(&out.b, sum + 8, 8);
  std::memcpy(&out.c, sum + 16, 8);
  std::memcpy(&out.d, sum + 24, 8);
  return out;
}

std::optional<Digest> digest_of(const dialects::Request& request, const Circle& circle) {
  if (request.operation == Operation::count_tokens || request.body.size() > kLargestRequest)
    return std::nullopt;
  thread_local std::string text;
  text.clear();
  text.append("troupe 1").push_back(static_cast<char>('a' + static_cast<int>(request.operation)));
  text.push_back(request.stream ? (request.include_usage ? 'u' : 's') : 'w');
  append(text, circle.tenant);
  append(text, circle.policy);
  append(text, request.model);
  append(text, circle.alias_revision);
  for (const auto& [name, value] : request.pass_on) {
    append(text, name);
    append(text, value);
  }
  const bool responses = request.operation == Operation::responses;
  const auto refused =
      responses ? std::span<const std::string_view>(kElsewhere) : std::span<const std::string_view>();
  if (!append_canonical(request.body, text, refused)) return std::nullopt;
  return digest(text);
}

}  // namespace troupe::cache
