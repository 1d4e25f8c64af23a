#pragma once
// The parts of validation. Internal to validate*.cpp.
#include <fmt/format.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/environment.hpp"
#include "config/places.hpp"
#include "config/problem.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// What every check gets: the configuration, and where to put what it finds.
struct Checks {
  static constexpr std::size_t kMostProblems = 1'000;

  const Config& config;
  const Environment& environment;
  const Places& places;
  Problems& problems;
  Problems& warnings;

  /// One mistake is said once: nothing is added where the loader or another check found something.
  void bad(std::string path, std::string message, std::string hint = {}) {
    const auto same = [&](const Problem& problem) { return problem.path == path; };
    if (problems.size() >= kMostProblems || std::any_of(problems.begin(), problems.end(), same)) return;
    problems.push_back(places.problem(std::move(path), std::move(message), std::move(hint)));
  }
  void doubtful(std::string path, std::string message, std::string hint = {}) {
    warnings.push_back(places.problem(std::move(path), std::move(message), std::move(hint)));
  }
};

/// 1 to 64 of letters, digits, '.', '_', '-', ':': safe in headers, metric labels and paths.
bool plain_name(std::string_view name);
/// Printable ASCII only: safe in a header.
bool header_text(std::string_view text);

void check_server(Checks& checks);
void check_cluster(Checks& checks);
void check_providers(Checks& checks);
void check_models(Checks& checks);
void check_routing(Checks& checks);
void check_tenants(Checks& checks);

}  // namespace troupe::config
