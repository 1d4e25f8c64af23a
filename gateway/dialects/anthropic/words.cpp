#include "gateway/dialects/anthropic/words.hpp"

#include <fmt/format.h>
#include <array>
#include <utility>

namespace troupe::dialects::anthropic {
namespace {

constexpr std::string_view kIdHead = "msg_";

constexpr std::array<std::pair<std::string_view, Finish>, 8> kStops{{
    {"end_turn", Finish::stop},
    {"stop_sequence", Finish::stop_sequence},
    {"max_tokens", Finish::length},
    {"model_context_window_exceeded", Finish::context},
    {"tool_use", Finish::tools},
    {"refusal", Finish::filtered},
    {"pause_turn", Finish::paused},
    {"compaction", Finish::paused},
}};

}  // namespace

std::string_view stop_word(Finish finish, bool tools, bool refused) {
  if (finish == Finish::stop || finish == Finish::unknown) {
    if (tools) return "tool_use";
    if (refused) return "refusal";
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

void join_call_seals(std::vector<Part>& parts) {
  std::string seal;
  std::vector<Part> kept;
  kept.reserve(parts.size());
  for (auto& part : parts) {
    const auto* thought = std::get_if<Reasoning>(&part.is);
    if (thought && thought->redacted && thought->signature.starts_with(kCallSeal)) {
      seal = thought->signature.substr(kCallSeal.size());
      continue;
    }
    if (auto* call = std::get_if<ToolCall>(&part.is)) call->signature = std::exchange(seal, {});
    kept.push_back(std::move(part));
  }
  parts = std::move(kept);
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

std::string safe_call_id(std::string_view id) {
  std::string out(id);
  for (auto& c : out) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!fits) c = '_';
  }
  return out;
}

std::string message_id(std::string_view id, const Framing& framing) {
  if (id.starts_with(kIdHead)) return std::string(id);
  if (std::string_view(framing.id).starts_with(kIdHead)) return framing.id;
  return std::string(kIdHead).append(framing.id.empty() ? id : std::string_view(framing.id));
}

std::string call_id(std::string_view id, const std::string& message, std::size_t ordinal) {
  if (!id.empty()) return std::string(id);
  return fmt::format("toolu_{}_{}", std::string_view(message).substr(kIdHead.size()), ordinal);
}

}  // namespace troupe::dialects::anthropic
