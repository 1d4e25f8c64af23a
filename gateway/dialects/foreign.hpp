#pragma once
// What a request says that the target's dialect has no words for: refused by name, or left out. For the
// codecs' encoders of requests.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects {

/// Keeps the first parameter that cannot be honoured; `drop` (Target::drop) leaves them out instead.
class Gate {
 public:
  explicit Gate(bool drop) : drop_(drop) {}
  void refuse(bool asked, std::string field, std::string_view why) {
    if (asked && !drop_ && !error_) error_ = unsupported(std::move(field), why).value();
  }
  Result<void> done() {
    if (error_) return tl::unexpected<Error>(std::move(*error_));
    return {};
  }

 private:
  std::optional<Error> error_;
  bool drop_;
};

/// Refuses extras of another dialect that change what the answer is (every other extra is a wish, and is left
/// out). Those behind which the conversation itself lies are refused with `drop` too.
Result<void> check_extras(const Conversation& talk, const Target& target);

/// Extras of the target's own dialect go back to where they stood: beside what was written, or into it.
void add_extras(const Conversation& talk, nlohmann::ordered_json& out);

}  // namespace troupe::dialects
