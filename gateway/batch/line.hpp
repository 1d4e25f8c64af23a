#pragma once
// One line of a batch's input: what is asked, or what is wrong with it in the words of OpenAI's errors.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_set>

namespace troupe::batch {

/// A request of the input file.
struct Line {
  std::string custom_id, url;
  std::string body;  ///< compact JSON, its members in the order given
};

/// Why a line, or the whole input, is refused. `line` counts from 1; 0: none in particular.
struct LineError {
  std::string code, message, param;
  std::size_t line = 0;
};

inline constexpr std::size_t kMostLines = 50'000;       ///< of a batch, as OpenAI's
inline constexpr std::size_t kLongestLine = 20U << 20;  ///< bytes; longer ones are refused
inline constexpr std::size_t kLongestCustomId = 512;    ///< bytes

/// The endpoints that a batch may name.
bool batch_endpoint(std::string_view endpoint);

/// Whether the line holds nothing but white space: skipped, but counted for the numbers of the others.
bool blank(std::string_view text);

/// Reads one line of JSON: custom_id, method POST, url (equal to `endpoint` unless that is empty) and body.
/// Never repeats what stands in the body.
tl::expected<Line, LineError> read_line(std::string_view text, std::string_view endpoint);

/// Goes through a whole input, line by line, and remembers which names it has seen.
class InputCheck {
 public:
  explicit InputCheck(std::string endpoint) : endpoint_(std::move(endpoint)) {}
  /// The next line; nullopt when it is good or blank.
  std::optional<LineError> next(std::string_view text);
  /// After the last line: what is wrong with the whole.
  std::optional<LineError> end() const;
  std::size_t requests() const { return requests_; }

 private:
  const std::string endpoint_;
  std::unordered_set<std::string> names_;
  std::size_t line_ = 0, requests_ = 0;
};

}  // namespace troupe::batch
