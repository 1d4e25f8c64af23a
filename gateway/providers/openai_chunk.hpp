#pragma once
// What one chunk of an OpenAI-shaped stream says. For the .cpp files of this room.
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/units.hpp"

namespace troupe::providers {

struct Chunk {
  bool valid = false;        ///< a JSON object
  bool error = false;        ///< it carries an error instead of content
  bool has_choices = false;  ///< `choices` is there and not empty
  bool content = false;      ///< something that a person or program waits for: not the role alone
  std::int64_t bytes = 0;    ///< of text, reasoning and tool arguments
  std::uint64_t choices = 0, finished = 0;  ///< a bit for each choice index (63 and above share one)
  std::optional<Usage> usage;
};

Chunk read_chunk(std::string_view data);

}  // namespace troupe::providers
