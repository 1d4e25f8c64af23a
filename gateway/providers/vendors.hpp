#pragma once
// The vendors that are shaped like OpenAI: where they live, how they know a caller, what else they speak.
#include <string>
#include <string_view>

#include "config/types.hpp"

namespace troupe::providers {

struct Vendor {
  config::ProviderType type;
  std::string_view base_url;  ///< "" = everybody's own: the configuration says it
  bool responses = false;     ///< serves OpenAI's Responses API as well
};

const Vendor& vendor(config::ProviderType type);

/// Which of the vendors' differences apply: the type's name; for `openai` with a foreign base URL, whose host
/// it is; "" for a server that nobody knows.
std::string_view flavour_of(const config::Provider& provider);

/// Whether a Responses request can be handed on as it is.
bool speaks_responses(const config::Provider& provider);

}  // namespace troupe::providers
