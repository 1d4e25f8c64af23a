#pragma once
// What models cost and can do, from the project's own catalogue file (config/prices.json, embedded in the
// binary).
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/units.hpp"

namespace troupe::config {

/// Prices are per token; nullopt = unknown, never zero. Tier prices replace the base ones for the whole
/// request once the prompt is longer than `above_input`.
struct PriceTier {
  Tokens above_input{0};
  std::optional<Money> input, output, cached_read, cached_write;
};

struct ModelInfo {
  std::string id;  ///< "openai/gpt-4o"
  std::optional<Money> input, output, cached_read, cached_write, reasoning;
  std::vector<PriceTier> tiers;
  std::int64_t context_window = 0, max_output = 0;  ///< tokens; 0 = unknown
  std::int64_t max_input = 0;  ///< where a prompt may not fill the whole window; 0 = it may, or unknown
  std::optional<bool> vision, tools, json, reasons;

  /// The longest prompt in tokens; 0 = unknown.
  std::int64_t longest_prompt() const {
    const bool less = max_input > 0 && (context_window == 0 || max_input < context_window);
    return less ? max_input : context_window;
  }
};

/// Immutable, thread-safe.
class PriceCatalogue {
 public:
  /// Parses the catalogue format; fails with the place of the first mistake.
  static Result<std::shared_ptr<const PriceCatalogue>> parse(std::string_view json);
  /// The one in the binary.
  static std::shared_ptr<const PriceCatalogue> embedded();

  virtual ~PriceCatalogue() = default;
  /// `vendor` is the provider's type or name ("openai", "groq"); falls back to dated aliases. nullptr when
  /// unknown.
  virtual const ModelInfo* find(std::string_view vendor, std::string_view model) const = 0;
};

/// What `usage` costs by `info`: cached reads and writes at their own price (one-hour writes at twice the
/// input price), the rest of the input at the input price, reasoning at its own where it differs. nullopt
/// when a price that is needed is unknown.
std::optional<Money> cost_of(const ModelInfo& info, const Usage& usage);

}  // namespace troupe::config
