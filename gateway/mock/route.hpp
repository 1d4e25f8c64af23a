#pragma once
// Which provider's shape a path belongs to. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/mock/ask.hpp"

namespace troupe::mock {

struct Route {
  Dialect dialect = Dialect::openai;
  std::string model;           ///< where the path names it; "" = the body does
  std::optional<bool> stream;  ///< likewise
};

/// The conversation that a POST to this path (without its query) asks for; nullopt for any other path.
/// Google's and AWS' paths may stand behind any prefix.
std::optional<Route> route(std::string_view path);

}  // namespace troupe::mock
