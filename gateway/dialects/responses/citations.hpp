#pragma once
// Citations as annotations of an `output_text`. For the .cpp files of this room.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::responses {

/// Annotations count characters (Unicode code points), the model counts bytes. Measures one UTF-8 text that
/// may grow between the calls but does not change.
class Ruler {
 public:
  std::int64_t chars(std::string_view text, std::int64_t bytes);
  /// The end of the text for what lies beyond it.
  std::int64_t bytes(std::string_view text, std::int64_t chars);

 private:
  void extend(std::string_view text);
  std::vector<std::size_t> marks_{0};  ///< where every 256th character starts
};

/// One `output_text` and what stands before it in the message.
struct Place {
  std::string_view text;
  std::int64_t before = 0;  ///< bytes
};

/// Appends {"type":"url_citation",...}; what has no address becomes a "file_citation" with its title.
void append_annotation(std::string& out, const Citation& citation, const Place& place, Ruler& ruler);
Citation read_annotation(const Json& from, const Place& place, Ruler& ruler);

}  // namespace troupe::dialects::responses
