#include "gateway/dialects/responses/words.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace troupe::dialects::responses {
namespace {

constexpr std::string_view kResponse = "resp_", kRedacted = "redacted#", kCall = "call#";
constexpr std::size_t kMaxBase = 48;
constexpr std::array<Dialect, 6> kForeign{Dialect::chat,     Dialect::anthropic, Dialect::gemini,
                                          Dialect::converse, Dialect::cohere,    Dialect::ollama};

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// The part of an id that names the answer, whatever its dialect puts before it.
std::string_view bare(std::string_view id) {
  for (const auto prefix : {std::string_view("chatcmpl-"), std::string_view("msg_")}) take_prefix(id, prefix);
  return id;
}

}  // namespace

std::string pack_seal(const Seal& seal) {
  if (seal.origin == Dialect::responses) return std::string(seal.signature);
  std::string out(name(seal.origin));
  out += '#';
  if (seal.of_call) {
    out += kCall;
  } else if (seal.redacted) {
    out += kRedacted;
  }
  return out.append(seal.signature);
}

Seal unpack_seal(std::string_view packed) {
  for (const auto origin : kForeign) {
    auto rest = packed;
    if (!take_prefix(rest, name(origin)) || !take_prefix(rest, "#")) continue;
    Seal seal{origin, {}, false, false};
    seal.of_call = take_prefix(rest, kCall);
    if (!seal.of_call) seal.redacted = take_prefix(rest, kRedacted);
    seal.signature = rest;
    return seal;
  }
  return {Dialect::responses, packed, false, false};
}

std::string response_id(std::string_view given, std::string_view fallback) {
  if (given.starts_with(kResponse)) return std::string(given);
  if (given.empty() && fallback.starts_with(kResponse)) return std::string(fallback);
  std::string out(kResponse);
  for (const char c : bare(given.empty() ? fallback : given)) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    out += fits ? c : '_';
  }
  return out;
}

std::string item_id(std::string_view prefix, std::string_view response_id, std::size_t index) {
  take_prefix(response_id, kResponse);
  const auto from = response_id.size() - std::min(response_id.size(), kMaxBase);
  return fmt::format("{}_{}_{}", prefix, response_id.substr(from), index);
}

std::string_view status_word(Finish finish) {
  switch (finish) {
    case Finish::length:
    case Finish::context:
    case Finish::filtered:
      return "incomplete";
    case Finish::failed:
      return "failed";
    case Finish::stop:
    case Finish::stop_sequence:
    case Finish::tools:
    case Finish::paused:
    case Finish::unknown:
      break;
  }
  return "completed";
}

std::string_view incomplete_reason(Finish finish) {
  if (finish == Finish::length || finish == Finish::context) return "max_output_tokens";
  return finish == Finish::filtered ? "content_filter" : "";
}

Finish read_finish(std::string_view status, std::string_view reason, bool tools) {
  if (status == "completed") return tools ? Finish::tools : Finish::stop;
  if (status == "failed" || status == "cancelled") return Finish::failed;
  if (reason == "max_output_tokens" || reason == "max_tokens") return Finish::length;
  return reason == "content_filter" ? Finish::filtered : Finish::unknown;
}

}  // namespace troupe::dialects::responses
