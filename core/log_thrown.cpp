#include "core/log_thrown.hpp"

#include "core/log.hpp"

namespace troupe::log {

void Thrown::operator()(std::exception_ptr thrown) const {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    error(event_).text("what", e.what());
  }
}

}  // namespace troupe::log
