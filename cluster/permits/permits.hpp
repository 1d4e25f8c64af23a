#pragma once
// The permits of a node are looked at by its keys, so they are defined there.
#include "actors/policy/floor.hpp"
#include "actors/policy/permits.hpp"

namespace troupe::cluster {

using policy::Floor;
using policy::Lease;
using policy::Permits;

}  // namespace troupe::cluster
