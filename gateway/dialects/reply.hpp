#pragma once
// What a model answered, whatever dialect it was said in.
#include <optional>
#include <string>
#include <vector>

#include "core/units.hpp"
#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects {

/// Why an answer ended.
enum class Finish : std::uint8_t {
  stop,           ///< it was done
  stop_sequence,  ///< one of the caller's stop strings came up
  length,         ///< max_output was reached
  context,        ///< the context window was full
  tools,          ///< it waits for tool results
  filtered,       ///< the provider or the model refused
  paused,         ///< a long turn may be continued (Anthropic)
  failed,         ///< the provider gave up in the middle
  unknown,        ///< it did not say, or used a word that nobody knows
};

struct Reply {
  std::string id;            ///< as the provider gave it; "" = none
  std::string model;         ///< who really answered
  std::int64_t created = 0;  ///< seconds since 1970; 0 = not said
  std::vector<Part> parts;   ///< of the assistant, in order
  Finish finish = Finish::unknown;
  std::string stop_sequence;   ///< which one, for Finish::stop_sequence
  std::string finish_detail;   ///< the provider's words about a refusal or failure
  std::optional<Usage> usage;  ///< nullopt: the provider gave none
  std::string service_tier;
  Json logprobs;  ///< OpenAI's shape; null = none
  bool operator==(const Reply&) const = default;
};

}  // namespace troupe::dialects
