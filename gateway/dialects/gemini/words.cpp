#include "gateway/dialects/gemini/words.hpp"

#include <utility>

namespace troupe::dialects::gemini {
namespace {

constexpr std::array<std::pair<std::string_view, Finish>, 23> kWords{{
    {"STOP", Finish::stop},
    {"MAX_TOKENS", Finish::length},
    {"SAFETY", Finish::filtered},
    {"RECITATION", Finish::filtered},
    {"BLOCKLIST", Finish::filtered},
    {"PROHIBITED_CONTENT", Finish::filtered},
    {"SPII", Finish::filtered},
    {"MODEL_ARMOR", Finish::filtered},
    {"IMAGE_SAFETY", Finish::filtered},
    {"IMAGE_PROHIBITED_CONTENT", Finish::filtered},
    {"IMAGE_RECITATION", Finish::filtered},
    {"OTHER", Finish::failed},
    {"LANGUAGE", Finish::failed},
    {"MALFORMED_FUNCTION_CALL", Finish::failed},
    {"MALFORMED_RESPONSE", Finish::failed},
    {"UNEXPECTED_TOOL_CALL", Finish::failed},
    {"TOO_MANY_TOOL_CALLS", Finish::failed},
    {"MISSING_THOUGHT_SIGNATURE", Finish::failed},
    {"NO_IMAGE", Finish::failed},
    {"IMAGE_OTHER", Finish::failed},
    {"FINISH_REASON_UNSPECIFIED", Finish::unknown},
    {"FAILED", Finish::failed},
    {"CANCELLED", Finish::failed},
}};

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == text.npos;
}

bool is_digit(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

}  // namespace

Finish read_finish(std::string_view word, bool calls) {
  for (const auto& [known, finish] : kWords) {
    if (known == word) return finish == Finish::stop && calls ? Finish::tools : finish;
  }
  return Finish::unknown;
}

std::string_view finish_of_number(std::int64_t number) {
  constexpr std::array<std::string_view, 6> kNumbers{
      "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"};
  const bool known = number >= 0 && number < static_cast<std::int64_t>(kNumbers.size());
  return known ? kNumbers[static_cast<std::size_t>(number)] : "";
}

std::string_view finish_word(Finish finish, std::string_view detail) {
  const bool told = finish == Finish::filtered || finish == Finish::failed || finish == Finish::unknown;
  if (told && is_word(detail) && read_finish(detail, false) == finish) return detail;
  switch (finish) {
    case Finish::length:
    case Finish::context:
      return "MAX_TOKENS";
    case Finish::filtered:
      return "SAFETY";
    case Finish::failed:
      return "OTHER";
    case Finish::unknown:
      return "FINISH_REASON_UNSPECIFIED";
    case Finish::stop:
    case Finish::stop_sequence:
    case Finish::tools:
    case Finish::paused:
      break;
  }
  return "STOP";
}

int model_version(std::string_view model) {
  constexpr std::string_view kFamily = "gemini-";
  const auto found = model.find(kFamily);
  if (found == model.npos) return 0;
  const auto at = found + kFamily.size();
  if (!is_digit(model, at)) return 0;
  const bool minor = at + 1 < model.size() && model[at + 1] == '.' && is_digit(model, at + 2);
  return (model[at] - '0') * 10 + (minor ? model[at + 2] - '0' : 0);
}

}  // namespace troupe::dialects::gemini
