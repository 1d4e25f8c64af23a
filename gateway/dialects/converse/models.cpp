#include "gateway/dialects/converse/models.hpp"

#include <algorithm>
#include <array>

namespace troupe::dialects::converse {
namespace {

/// Families without structured output (docs.aws.amazon.com/bedrock, "structured output").
constexpr std::array<std::string_view, 9> kNoSchemas{"nova",  "titan",       "llama",   "cohere",    "ai21",
                                                     "jamba", "deepseek.r1", "mixtral", "mistral-7b"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int version_of(std::string_view id) {
  const auto at = id.find_first_of("0123456789");
  if (at == id.npos) return 0;
  const int major = id[at] - '0';
  const auto rest = id.substr(at + 1);
  // A minor version is one digit; eight digits are a date.
  const bool minor = rest.size() >= 2 && (rest[0] == '-' || rest[0] == '.') && is_digit(rest[1]) &&
                     (rest.size() == 2 || !is_digit(rest[2]));
  return major * 10 + (minor ? rest[1] - '0' : 0);
}

bool holds(const Target& target, std::string_view word) {
  return target.model.find(word) != std::string::npos || target.flavour.find(word) != std::string::npos;
}

}  // namespace

Model model_of(const Target& target) {
  Model out;
  const std::string_view id = target.model;
  const auto after = [&](std::string_view word) {
    const auto from = id.find(word) == id.npos ? std::string_view(target.flavour) : id;
    const auto at = from.find(word);
    return at == from.npos ? 0 : version_of(from.substr(at + word.size()));
  };
  if (holds(target, "claude") || holds(target, "anthropic")) {
    out.family = Model::Family::claude;
    out.version = after("claude");
    out.schemas = out.version == 0 || out.version >= 45;
    return out;
  }
  if (holds(target, "nova")) {
    out.family = Model::Family::nova;
    out.version = after("nova");
  } else if (holds(target, "gpt-oss")) {
    out.family = Model::Family::gpt_oss;
  }
  out.schemas =
      std::none_of(kNoSchemas.begin(), kNoSchemas.end(), [&](auto word) { return holds(target, word); });
  return out;
}

Model::Thinks Model::thinks() const {
  if (!claude()) return Thinks::never;
  if (version == 0 || version >= 46) return Thinks::by_itself;
  return version >= 37 ? Thinks::by_budget : Thinks::never;
}

}  // namespace troupe::dialects::converse
