#include "gateway/dialects/converse/words.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/hash.hpp"
#include "gateway/dialects/base64.hpp"

namespace troupe::dialects::converse {
namespace {

/// The first word of each Finish is the one that is written.
constexpr std::array<std::pair<std::string_view, Finish>, 12> kStops{{
    {"end_turn", Finish::stop},
    {"stop_sequence", Finish::stop_sequence},
    {"max_tokens", Finish::length},
    {"model_context_window_exceeded", Finish::context},
    {"tool_use", Finish::tools},
    {"content_filtered", Finish::filtered},
    {"guardrail_intervened", Finish::filtered},
    {"refusal", Finish::filtered},
    {"pause_turn", Finish::paused},
    {"malformed_model_output", Finish::failed},
    {"malformed_tool_use", Finish::failed},
    {"error", Finish::failed},
}};

constexpr std::string_view kRaw = "base64:";
constexpr std::size_t kLongestId = 64;

bool is_id(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string_view stop_word(Finish finish, std::string_view detail, bool tools) {
  if (tools && (finish == Finish::stop || finish == Finish::unknown)) return "tool_use";
  for (const auto& [word, known] : kStops) {
    if (word == detail && known == finish) return word;
  }
  for (const auto& [word, known] : kStops) {
    if (known == finish) return word;
  }
  return "end_turn";
}

Finish read_stop(std::string_view word) {
  for (const auto& [known, finish] : kStops) {
    if (known == word) return finish;
  }
  return Finish::unknown;
}

std::string_view stop_detail(std::string_view word) {
  const auto why = read_stop(word);
  return why == Finish::filtered || why == Finish::failed ? word : std::string_view();
}

std::string redacted_text(std::string_view base64) {
  auto text = from_base64(base64);
  const auto plain = [](char c) { return c > ' ' && c < 0x7f; };
  const bool fits = std::all_of(text.begin(), text.end(), plain) && to_base64(text) == base64;
  return fits && !text.starts_with(kRaw) ? text : std::string(kRaw).append(base64);
}

std::string redacted_base64(std::string_view text) {
  return text.starts_with(kRaw) ? std::string(text.substr(kRaw.size())) : to_base64(text);
}

std::string safe_call_id(std::string_view id) {
  std::string out(id.substr(0, kLongestId));
  for (auto& c : out) {
    if (!is_id(c)) c = '_';
  }
  if (out.empty()) return "_";
  if (id.size() > kLongestId) out.replace(kLongestId - 17, 17, fmt::format("-{:016x}", fnv1a(id)));
  return out;
}

void place_citations(std::vector<Part>& parts) {
  std::int64_t at = 0;
  for (auto& part : parts) {
    auto* said = std::get_if<Text>(&part.is);
    if (!said) continue;
    const auto end = at + static_cast<std::int64_t>(said->text.size());
    for (auto& citation : said->citations) {
      citation.start = at;
      citation.end = end;
    }
    at = end;
  }
}

}  // namespace troupe::dialects::converse
