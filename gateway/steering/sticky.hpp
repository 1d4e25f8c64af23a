#pragma once
// Who stays with one endpoint, so that the provider's prompt cache stays warm for it.
#include <cstdint>
#include <string_view>

#include "config/types.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::steering {

/// The same for the same caller on every node and in every version; 0 when nobody is known to stick to, and
/// the request goes where there is room.
///   tenant        the tenant, else the end user
///   user          the end user of the tenant, else as `tenant`
///   conversation  the client's prompt_cache_key, else all that is said up to and with the first question, of
///                 one tenant and model; as `user` for what is no conversation. Decodes the body.
std::uint64_t sticky_of(config::StickyBy by, std::string_view tenant, const dialects::Request& request);

}  // namespace troupe::steering
