#pragma once
// GET /v1/models: the aliases that the caller may use, in OpenAI's shape with our facts beside.
#include <string>
#include <string_view>

#include "gateway/api/worker.hpp"

namespace troupe::api {

/// True when the tenant's policy allows the alias (no tenant, or no list: all).
bool allowed(const config::Tenant* tenant, std::string_view alias);

/// {"object":"list","data":[…]}.
std::string list_models(const Setup& setup, const config::Tenant* tenant);

/// One model object; "" when there is none or the caller may not see it.
std::string show_model(const Setup& setup, const config::Tenant* tenant, std::string_view id);

}  // namespace troupe::api
