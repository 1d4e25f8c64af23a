#include "gateway/dialects/cohere/words.hpp"

#include <array>
#include <utility>

namespace troupe::dialects::cohere {
namespace {

/// The first of a meaning is the one that is written.
constexpr std::array<std::pair<std::string_view, Finish>, 8> kWords{{
    {"COMPLETE", Finish::stop},
    {"STOP_SEQUENCE", Finish::stop_sequence},
    {"MAX_TOKENS", Finish::length},
    {"ERROR_LIMIT", Finish::context},
    {"TOOL_CALL", Finish::tools},
    {"ERROR_TOXIC", Finish::filtered},
    {"ERROR", Finish::failed},
    {"TIMEOUT", Finish::failed},
}};

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == text.npos;
}

}  // namespace

Finish read_finish(std::string_view word) {
  for (const auto& [known, finish] : kWords) {
    if (known == word) return finish;
  }
  return Finish::unknown;
}

std::string_view finish_word(Finish finish, std::string_view detail) {
  if (is_word(detail) && read_finish(detail) == finish) return detail;
  for (const auto& [word, known] : kWords) {
    if (known == finish) return word;
  }
  return finish == Finish::paused ? "COMPLETE" : "UNKNOWN";
}

bool thinks(std::string_view model) {
  return model.find("reasoning") != model.npos || model.find("command-a-plus") != model.npos;
}

}  // namespace troupe::dialects::cohere
