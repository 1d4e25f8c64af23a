#pragma once
// Recorded traffic for the dialects' tests: where it is, and what a file of it holds.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::testing {

/// TROUPE_FIXTURES, else ../shared/fixtures beside the sources.
inline std::filesystem::path recordings() {
  if (const char* set = std::getenv("TROUPE_FIXTURES")) return std::filesystem::path(set) / "recorded";
  const char* source = std::getenv("TROUPE_SOURCE_DIR");
  return std::filesystem::path(source ? source : ".") / "../shared/fixtures/recorded";
}

/// Payloads one a line, as the events of a stream.
inline std::string as_events(const std::string& lines, const char* line_end = "\n") {
  std::string out;
  std::size_t at = 0;
  while (at < lines.size()) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    if (end > at) out.append("data: ").append(lines, at, end - at).append(line_end).append(line_end);
    at = end + 1;
  }
  return out;
}

/// A body that was kept without its request.
struct Loose {
  std::filesystem::path path;
  std::string body;
};

/// Calls for each exchange and each loose body in the folders of `providers`. False, with a warning, where
/// there are no recordings.
inline bool each_recording(std::initializer_list<const char*> providers,
                           const std::function<void(const Json& exchange)>& exchange,
                           const std::function<void(const Loose& loose)>& loose) {
  namespace fs = std::filesystem;
  for (const auto* provider : providers) {
    if (!fs::exists(recordings() / provider)) {
      WARN("skipped: no recordings at TROUPE_FIXTURES");
      return false;
    }
    for (const auto& entry : fs::recursive_directory_iterator(recordings() / provider)) {
      if (!entry.is_regular_file()) continue;
      INFO(entry.path().filename().string());
      std::ifstream in(entry.path());
      const std::string body(std::istreambuf_iterator<char>(in), {});
      const auto file = Json::parse(body, nullptr, false);
      if (!file.is_object() || !file.contains("exchanges")) {
        loose({entry.path(), body});
        continue;
      }
      for (const auto& one : file["exchanges"]) exchange(one);
    }
  }
  return true;
}

}  // namespace troupe::dialects::testing
