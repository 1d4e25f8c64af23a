#pragma once
// The response object around the items of an answer. For the .cpp files of this room.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/units.hpp"
#include "gateway/dialects/events.hpp"

namespace troupe::dialects::responses {

/// What a response object says at one moment.
struct Moment {
  Finish finish = Finish::unknown;
  bool running = false;        ///< in_progress, whatever `finish` says
  std::string_view error;      ///< {"code":...,"message":...}; "" = null
  std::string_view output;     ///< the items, joined by commas
  std::optional<Usage> usage;  ///< null when there is none
  std::string_view tier;       ///< service_tier; "" = null
};

/// Knows who answers whom: id, model, and the question that every response object repeats. Keeps no pointer
/// to the question.
class Shape {
 public:
  explicit Shape(const Framing& framing);
  /// As the provider says; what it leaves out is taken from the framing.
  void name(std::string_view id, std::string_view model, std::int64_t created);
  void append(std::string& out, const Moment& moment) const;

  const std::string& id() const { return id_; }
  /// The caller asked for reasoning.encrypted_content (or nobody knows what was asked).
  bool seals() const { return seals_; }
  /// The caller declared a custom tool of this name.
  bool custom(std::string_view tool) const;
  /// The namespace that the caller declared this tool in; "" = none.
  std::string_view space(std::string_view tool) const;

 private:
  std::string id_, model_;
  std::int64_t created_ = 0;
  std::string fallback_id_, fallback_model_;
  std::string echo_;  ///< `"instructions":...,...` without braces
  std::vector<std::string> customs_;
  std::vector<std::pair<std::string, std::string>> spaces_;  ///< of each tool that stands in one
  bool seals_ = true;
};

/// {"code":...,"message":...} of an answer that failed; `detail` may be empty.
std::string error_json(std::string_view code, std::string_view detail);

}  // namespace troupe::dialects::responses
