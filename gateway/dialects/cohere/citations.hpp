#pragma once
// Citations: which characters of which block of an answer rest on which sources. For the .cpp files of this
// room.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"
#include "gateway/dialects/ruler.hpp"

namespace troupe::dialects::cohere {

/// The texts of an answer so far, and where each block of its content begins in them.
class Said {
 public:
  void begin_block(std::int64_t index) { blocks_[index] = static_cast<std::int64_t>(text_.size()); }
  void add(std::string_view piece) { text_.append(piece); }
  /// With its places in bytes of the whole text. Where `content_index` is absent, it is the first text.
  Citation read(const Json& raw);

 private:
  std::string text_;
  std::map<std::int64_t, std::int64_t> blocks_;  ///< index in the content -> bytes before it
  Ruler ruler_;
};

/// A citation of another dialect as one of these; it rests on bytes of `text`, the answer's only one.
Json write_citation(const Citation& citation, std::string_view text);

}  // namespace troupe::dialects::cohere
