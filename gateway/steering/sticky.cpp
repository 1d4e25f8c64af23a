#include "gateway/steering/sticky.hpp"

#include <optional>
#include <variant>

#include "core/hash.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::steering {
namespace {

constexpr std::string_view kBetween = "\xFF";  // in no text: "ab" and "c" are not "a" and "bc"

/// Goes on from `hash` with one more text.
std::uint64_t with(std::uint64_t hash, std::string_view text) {
  return fnv1a(kBetween, fnv1a(text, hash));
}

std::uint64_t with(std::uint64_t hash, const dialects::Message& message) {
  hash = with(hash, message.role == dialects::Role::user ? "user" : "other");
  for (const auto& part : message.parts) {
    if (const auto* text = std::get_if<dialects::Text>(&part.is)) hash = with(hash, text->text);
    if (const auto* media = std::get_if<dialects::Media>(&part.is))
      hash = with(with(with(hash, media->data), media->url), media->file_id);
  }
  return hash;
}

/// nullopt when nothing was asked in it, or it cannot be read.
std::optional<std::uint64_t> opening(std::string_view tenant, const dialects::Request& request) {
  if (!dialects::converses(request.operation)) return std::nullopt;
  const auto talk = providers::conversation_of(request);
  if (!talk) return std::nullopt;  // whoever serves it says what is wrong with it
  auto hash = with(with(fnv1a("conversation"), tenant), request.model);
  if (!(*talk)->cache_key.empty()) return with(hash, (*talk)->cache_key);
  for (const auto& message : (*talk)->messages) {
    hash = with(hash, message);
    if (message.role == dialects::Role::user) return hash;
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t sticky_of(config::StickyBy by, std::string_view tenant, const dialects::Request& request) {
  if (by == config::StickyBy::conversation) {
    if (const auto hash = opening(tenant, request)) return *hash | 1;
    by = config::StickyBy::user;
  }
  if (tenant.empty() && request.user.empty()) return 0;
  if (by == config::StickyBy::tenant && !tenant.empty()) return fnv1a(tenant) | 1;
  if (request.user.empty()) return fnv1a(tenant) | 1;
  return with(with(fnv1a("user"), tenant), request.user) | 1;
}

}  // namespace troupe::steering
