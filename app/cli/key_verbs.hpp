#pragma once
// `troupe keys create|list|info|rotate|revoke`: virtual keys.
#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/node.hpp"

namespace troupe::cli {

/// What `keys create` was told; empty: not said.
struct KeyWish {
  std::string tenant, name, expires, request_class;
  std::vector<std::string> models, providers, tags, ip;  ///< tags: "name=value"
  std::vector<std::pair<std::string, std::int64_t>> limits;
  double budget = 0;  ///< US dollars
  std::string period;
  bool rolling = false;
};

/// Adds the verbs below `keys`. The answer runs the one that was chosen and gives its exit code: nullopt when
/// none was.
std::function<std::optional<int>()> add_key_verbs(CLI::App& keys, Context& context);

/// The body of POST /virtual-keys. Fails with words for a tag without '='.
tl::expected<Json, std::string> key_body(const KeyWish& wish);
std::string virtual_keys_table(const Json& body, bool color);
std::string virtual_key_sheet(const Json& key, bool color);
/// What was done, its secret where there is one, and who does not know of it yet.
std::string key_report(const Json& told, const std::string& what, bool color);

}  // namespace troupe::cli
