#pragma once
// Citations as annotations of an `output_text`. For the .cpp files of this room.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"
#include "gateway/dialects/ruler.hpp"

namespace troupe::dialects::responses {

/// One `output_text` and what stands before it in the message.
struct Place {
  std::string_view text;
  std::int64_t before = 0;  ///< bytes
};

/// Appends {"type":"url_citation",...}; what has no address becomes a "file_citation" with its title.
void append_annotation(std::string& out, const Citation& citation, const Place& place, Ruler& ruler);
Citation read_annotation(const Json& from, const Place& place, Ruler& ruler);

}  // namespace troupe::dialects::responses
