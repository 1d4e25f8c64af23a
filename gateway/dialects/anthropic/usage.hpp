#pragma once
// Usage in Anthropic's words: the input excludes what was read from and written to the cache. For the .cpp
// files of this room.
#include <nlohmann/json.hpp>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::anthropic {

/// Figures that come in two parts (message_start, message_delta); later ones replace earlier ones.
class Tally {
 public:
  void take(const doc::object& usage);
  void take(const Json& usage);
  Usage usage() const;

 private:
  template <class Read>
  void fill(const Read& read);

  std::int64_t input_ = 0, read_ = 0, written_ = 0, written_1h_ = 0, output_ = 0, thinking_ = 0;
};

/// The `usage` of an answer.
nlohmann::ordered_json usage_json(const Usage& usage);

}  // namespace troupe::dialects::anthropic
