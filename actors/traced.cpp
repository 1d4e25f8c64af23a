#include "actors/traced.hpp"

#include <exception>

#include "core/log.hpp"

namespace troupe::actors {

caf::error report_crash(const Role& role, const std::exception_ptr& thrown) {
  std::string why = "unknown exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    why = e.what();
  } catch (...) {
  }
  log::error("actor_crashed").text("type", role.type).text("name", role.name).text("why", why);
  return caf::sec::runtime_error;
}

}  // namespace troupe::actors
