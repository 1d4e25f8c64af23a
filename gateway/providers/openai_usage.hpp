#pragma once
// Usage of OpenAI-shaped answers, by the names that this room uses.
#include "gateway/dialects/chat/usage.hpp"

namespace troupe::providers {
inline Usage read_openai_usage(const dialects::doc::object& usage) {
  return dialects::chat::read_usage(usage);
}
inline std::optional<Usage> find_openai_usage(const dialects::doc::object& answer) {
  return dialects::chat::find_usage(answer);
}
}  // namespace troupe::providers
