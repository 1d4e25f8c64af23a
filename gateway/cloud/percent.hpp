#pragma once
// Percent-encoding by RFC 3986.
#include <string>
#include <string_view>

namespace troupe::cloud {

/// Everything but letters, digits and `-._~` (and what `keep` names) as %XX, upper-case.
std::string percent_encode(std::string_view text, std::string_view keep = {});
/// %XX back to bytes; what is no %XX stays as it is ('+' too).
std::string percent_decode(std::string_view text);

/// name=value&... as application/x-www-form-urlencoded bodies want it.
class Form {
 public:
  Form& add(std::string_view name, std::string_view value);
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace troupe::cloud
