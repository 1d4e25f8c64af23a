#pragma once
// What is known of the model behind a target: the catalogue, and over it what the operator says.
#include <optional>
#include <string_view>

#include "config/prices.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// A provider type as the catalogue and the configuration spell it: "openai".
std::string_view vendor_name(ProviderType type);

/// The catalogue's entry under the provider's own name (groq may be of type openai), else under its type
/// where it is at the vendor's own address; then the target's prices (for prompts of every length), sizes and
/// abilities over it. nullopt: nobody knows anything of this model. `catalogue` may be nullptr.
std::optional<ModelInfo> facts_of(const PriceCatalogue* catalogue, const Provider& provider,
                                  const Target& target);

}  // namespace troupe::config
