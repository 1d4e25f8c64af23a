#pragma once
// `usageMetadata`. Every chunk of a stream has it, and it counts the answer so far.
#include <optional>
#include <string>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"

namespace troupe::dialects::gemini {

/// Nullopt where it holds no counts: Vertex AI's first chunks tell only the kind of traffic.
std::optional<Usage> find_usage(const doc::object& answer);
/// Appends the object.
void append_usage(std::string& out, const Usage& usage, const std::string& tier);

}  // namespace troupe::dialects::gemini
