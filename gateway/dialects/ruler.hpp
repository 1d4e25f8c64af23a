#pragma once
// Characters and bytes of a text, each by the other.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::dialects {

/// Some dialects place citations by characters (Unicode code points), the model counts bytes. Measures one
/// UTF-8 text that may grow between the calls but does not change.
class Ruler {
 public:
  std::int64_t chars(std::string_view text, std::int64_t bytes);
  /// The end of the text for what lies beyond it.
  std::int64_t bytes(std::string_view text, std::int64_t chars);

 private:
  void extend(std::string_view text);
  std::vector<std::size_t> marks_{0};  ///< where every 256th character starts
};

}  // namespace troupe::dialects
