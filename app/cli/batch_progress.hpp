#pragma once
// How far a batch is, for people and for scripts. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/cli/looks.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::cli {

/// What an answer says that it used.
struct Spent {
  std::int64_t input = 0, output = 0;  ///< tokens
  std::optional<Money> cost;           ///< nullopt: not said
};

/// From an answer's body (`usage` of any of the dialects) and its x-troupe-cost-usd.
Spent spent_of(std::string_view body, std::string_view cost);

struct Progress {
  std::size_t total = 0;
  std::size_t before = 0;                              ///< of these, finished by an earlier run
  std::size_t completed = 0, failed = 0, running = 0;  ///< by this run
  Duration took{0};
  Spent spent;

  std::size_t finished() const { return before + completed + failed; }
  /// Lines a second; 0 before the first.
  double rate() const;
  /// nullopt while nothing is finished.
  std::optional<Duration> left() const;
};

/// "45/120 38 % [=====      ] 9.8/s, 2 failed, 12345 tokens, $0.0123, 8 s left", `columns` wide at most;
/// without a bar where there is no room for one.
std::string progress_line(const Progress& progress, std::size_t columns);

/// What is left to say at the end.
std::string summary_text(const Progress& progress, const std::string& out);
Json summary_json(const Progress& progress, const std::string& out);

}  // namespace troupe::cli
