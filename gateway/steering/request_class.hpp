#pragma once
// Which class a request is of: what its caller asks for, never above what its caller may.
#include <algorithm>
#include <optional>
#include <string_view>

#include "config/governance.hpp"

namespace troupe::steering {

/// As a client writes it in x-troupe-class; nullopt for anything else. Without the header it is `default`.
constexpr std::optional<config::RequestClass> class_named(std::string_view text) {
  if (text == "interactive") return config::RequestClass::interactive;
  if (text == "default" || text.empty()) return config::RequestClass::standard;
  if (text == "batch") return config::RequestClass::batch;
  return std::nullopt;
}

/// The lower of both.
constexpr config::RequestClass at_most(config::RequestClass asked, config::RequestClass allowed) {
  return std::max(asked, allowed);
}

}  // namespace troupe::steering
