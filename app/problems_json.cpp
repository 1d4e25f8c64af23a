#include "app/problems_json.hpp"

namespace troupe::app {

nlohmann::json problems_json(const config::Problems& problems) {
  auto out = nlohmann::json::array();
  for (const auto& p : problems) {
    out.push_back(
        {{"line", p.line}, {"column", p.column}, {"path", p.path}, {"message", p.message}, {"hint", p.hint}});
  }
  return out;
}

}  // namespace troupe::app
