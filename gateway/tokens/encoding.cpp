#include "gateway/tokens/encoding.hpp"

#include <utility>

namespace troupe::tokens {
namespace {

using Row = std::pair<std::string_view, Encoding>;

/// The first that fits wins: a name that is the prefix of another stands behind it.
constexpr std::array kPrefixes{
    Row{"gpt-4o", Encoding::o200k_base},
    Row{"chatgpt-4o", Encoding::o200k_base},
    Row{"gpt-4.1", Encoding::o200k_base},
    Row{"gpt-4.5", Encoding::o200k_base},
    Row{"gpt-5", Encoding::o200k_base},
    Row{"gpt-oss", Encoding::o200k_base},
    Row{"codex-mini", Encoding::o200k_base},
    Row{"o1", Encoding::o200k_base},
    Row{"o3", Encoding::o200k_base},
    Row{"o4-", Encoding::o200k_base},
    Row{"gpt-4", Encoding::cl100k_base},
    Row{"gpt-3.5", Encoding::cl100k_base},
    Row{"gpt-35", Encoding::cl100k_base},  // as Azure spells it
    Row{"text-embedding-3-", Encoding::cl100k_base},
    Row{"text-embedding-ada-002", Encoding::cl100k_base},
    Row{"davinci-002", Encoding::cl100k_base},
    Row{"babbage-002", Encoding::cl100k_base},
    Row{"text-davinci-003", Encoding::p50k_base},
    Row{"text-davinci-002", Encoding::p50k_base},
    Row{"code-", Encoding::p50k_base},
    Row{"text-davinci-001", Encoding::r50k_base},
    Row{"gpt2", Encoding::r50k_base},
    Row{"gpt-2", Encoding::r50k_base},
};

/// "o1" is a model, "o1x" is somebody else's.
bool fits(std::string_view model, std::string_view prefix) {
  if (!model.starts_with(prefix)) return false;
  if (prefix.ends_with('-') || model.size() == prefix.size()) return true;
  const char next = model[prefix.size()];
  return next == '-' || next == '.' || next == '@' || next == ':';
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::o200k_base:
      return "o200k_base";
    case Encoding::cl100k_base:
      return "cl100k_base";
    case Encoding::p50k_base:
      return "p50k_base";
    case Encoding::r50k_base:
      return "r50k_base";
  }
  return "";
}

std::optional<Encoding> encoding_named(std::string_view wanted) {
  for (const auto encoding : kEncodings) {
    if (name(encoding) == wanted) return encoding;
  }
  return std::nullopt;
}

std::optional<Encoding> encoding_of(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos) model.remove_prefix(slash + 1);
  if (model.starts_with("ft:")) model.remove_prefix(3);
  if (model.starts_with("openai.")) model.remove_prefix(7);  // Bedrock's spelling
  for (const auto& [prefix, encoding] : kPrefixes) {
    if (fits(model, prefix)) return encoding;
  }
  return encoding_named(model);
}

}  // namespace troupe::tokens
