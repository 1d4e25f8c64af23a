#include <array>

#include "core/utf8.hpp"
#include "gateway/providers/faults.hpp"

namespace troupe::providers {
namespace {

// What API keys begin with, and what stands before one in an error message.
constexpr std::array<std::string_view, 11> kPrefixes{"sk-",  "gsk_", "xai-", "csk-",   "AIza", "pplx-",
                                                     "tgp_", "hf_",  "r8_",  "nvapi-", "AKIA"};
constexpr std::array<std::string_view, 4> kLeads{"Bearer ", "bearer ", "key provided: ", "api key: "};

bool of_key(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         c == '*';
}

std::size_t run(std::string_view text, std::size_t at) {
  const auto from = at;
  // A dot belongs to a key when more of it follows (JSON web tokens), not when a sentence ends.
  while (at < text.size() &&
         (of_key(text[at]) || (text[at] == '.' && at + 1 < text.size() && of_key(text[at + 1])))) {
    ++at;
  }
  return at - from;
}

/// How many bytes of a key start at `at`, after `lead` bytes that may stay.
std::size_t key_at(std::string_view text, std::size_t at, std::size_t& lead) {
  for (const auto word : kLeads) {
    if (text.substr(at, word.size()) != word) continue;
    lead = word.size();
    return run(text, at + lead);
  }
  lead = 0;
  if (at > 0 && of_key(text[at - 1])) return 0;
  for (const auto prefix : kPrefixes) {
    if (text.substr(at, prefix.size()) == prefix) return run(text, at);
  }
  return 0;
}

}  // namespace

std::string safe_message(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() < limit;) {
    std::size_t lead = 0;
    if (const auto size = key_at(text, at, lead)) {
      out.append(text.substr(at, lead)).append("***");
      at += lead + size;
    } else {
      out.push_back(text[at++]);
    }
  }
  if (out.size() < limit) return repair_utf8(out);
  // Not through the middle of a character.
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U) out.pop_back();
  if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0U) out.pop_back();
  return repair_utf8(out) + "...";
}

}  // namespace troupe::providers
