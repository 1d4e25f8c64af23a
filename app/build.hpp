#pragma once
// What this binary is made of.
#include "gateway/admin/build_info.hpp"

namespace troupe::app {

admin::BuildInfo build_info();

}  // namespace troupe::app
