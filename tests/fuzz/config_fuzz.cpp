// Any bytes as a configuration: an answer, never a crash; problems or a configuration, never both or neither;
// what was accepted can be shown, compared and explained.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/auth.hpp"
#include "config/check_report.hpp"
#include "config/diff.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace {

using namespace troupe::config;

Environment environment() {
  Environment made;
  made.variable = [](const std::string& name) {
    return name.size() % 2 == 0 ? std::optional<std::string>("value of " + name) : std::nullopt;
  };
  made.file = [](const std::string& path, std::size_t limit) {
    return path.size() % 2 == 0 && path.size() < limit ? std::optional<std::string>(path + "\n")
                                                       : std::nullopt;
  };
  return made;
}

void require(bool held) {
  if (!held) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto world = environment();
  static const auto prices = PriceCatalogue::embedded();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto result = load_text(text, "fuzz", world);
  require(static_cast<bool>(result) == result.problems.empty());
  require(!report_text("fuzz", result).empty());
  if (!result) return 0;
  require(!explain(*result.config, *prices).empty());
  require(!show(*result.config).dump(-1, ' ', false, nlohmann::json::error_handler_t::strict).empty());
  require(diff(*result.config, *result.config).empty());
  require(TenantIndex(*result.config).find("nobody") == nullptr);
  return 0;
}
