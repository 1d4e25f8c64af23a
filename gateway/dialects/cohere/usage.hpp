#pragma once
// `usage`: the tokens that the model read and wrote, and the fewer ones that are paid for.
#include <nlohmann/json.hpp>
#include <optional>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"

namespace troupe::dialects::cohere {

/// What the model read and wrote, Cohere's own preamble included. Pictures are counted beside the input.
std::optional<Usage> find_usage(const doc::object& answer);
/// `billed_units`: what is paid for. Of an embedding's answer too, where they stand under `meta`.
std::optional<Usage> find_billed(const doc::object& answer);
nlohmann::ordered_json usage_json(const Usage& usage);

}  // namespace troupe::dialects::cohere
