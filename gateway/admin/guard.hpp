#pragma once
// Who may use the admin port.
#include <cstdint>
#include <string>
#include <string_view>

#include "config/types.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

enum class Entry : std::uint8_t { allowed, unauthorised, forbidden };

/// With a token: `Authorization: Bearer TOKEN`, compared in constant time. Without one: the peer must be on
/// loopback, Host must name loopback (DNS rebinding), and a change (any method but GET and HEAD) must come
/// without Origin or with a loopback one (cross-site requests).
Entry admit(const http::Request& request, const config::Secret& token);

/// True for localhost, 127.0.0.0/8 and [::1], with or without port.
bool is_loopback(std::string_view host_and_port);

}  // namespace troupe::admin
