#pragma once
// What Bedrock's models differ in, by their ids. For the .cpp files of this room.
#include <cstdint>
#include <string_view>

#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::converse {

/// Told by the id ("us.anthropic.claude-sonnet-4-5-...", an ARN that holds it) or, for profiles whose ARN
/// says nothing, by Target::flavour.
struct Model {
  enum class Family : std::uint8_t { claude, nova, gpt_oss, other };
  enum class Thinks : std::uint8_t { never, by_budget, by_itself };

  Family family = Family::other;
  int version = 0;      ///< times ten: 46 of "claude-opus-4-6"; 0 when it says none
  bool schemas = true;  ///< takes `outputConfig.textFormat`; models that nobody knows are asked

  bool claude() const { return family == Family::claude; }
  bool nova() const { return family == Family::nova; }
  /// Claude chooses its own budget from 4.6 on, takes one from 3.7 on, and does not think before.
  Thinks thinks() const;
};

Model model_of(const Target& target);

}  // namespace troupe::dialects::converse
