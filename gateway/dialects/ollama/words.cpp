#include "gateway/dialects/ollama/words.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace troupe::dialects::ollama {

Finish read_finish(std::string_view word, bool calls) {
  if (word == "stop" || word.empty()) return calls ? Finish::tools : Finish::stop;
  return word == "length" ? Finish::length : Finish::unknown;
}

std::string_view finish_word(Finish finish, std::string_view detail) {
  switch (finish) {
    case Finish::length:
    case Finish::context:
      return "length";
    case Finish::unknown:
    case Finish::failed:
    case Finish::filtered:
      return detail.empty() || detail == "stop" || detail == "length" ? "unknown" : detail;
    case Finish::stop:
    case Finish::stop_sequence:
    case Finish::tools:
    case Finish::paused:
      break;
  }
  return "stop";
}

std::string make_call_id(std::string_view created_at, std::size_t ordinal) {
  std::string moment;
  for (const char c : created_at) {
    if (c >= '0' && c <= '9') moment += c;
  }
  return fmt::format("call_{}{}{}", moment, moment.empty() ? "" : "_", ordinal);
}

bool thinks_by_level(std::string_view model) {
  return model.find("gpt-oss") != model.npos;
}

bool thinks(std::string_view model) {
  constexpr std::array<std::string_view, 7> kThinkers{
      "gpt-oss", "qwen3", "deepseek-r1", "deepseek-v3.", "magistral", "phi4-reasoning", "thinking"};
  return std::any_of(kThinkers.begin(), kThinkers.end(),
                     [&](std::string_view known) { return model.find(known) != model.npos; });
}

}  // namespace troupe::dialects::ollama
