#pragma once
// GET /v1/models: the aliases that the caller may use, in OpenAI's or Anthropic's shape with our facts
// beside.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/api/worker.hpp"

namespace troupe::api {

/// Who asks: both serve it at one path, and Anthropic's clients always say `anthropic-version`.
enum class ModelShape : std::uint8_t { openai, anthropic };

/// {"object":"list","data":[…]}, or {"data":[…],"has_more":false,…}: all of them, on one page.
std::string list_models(const Setup& setup, const config::Tenant* tenant,
                        ModelShape shape = ModelShape::openai, const config::VirtualKey* key = nullptr);

/// One model object; "" when there is none or the caller may not see it.
std::string show_model(const Setup& setup, const config::Tenant* tenant, std::string_view id,
                       ModelShape shape = ModelShape::openai, const config::VirtualKey* key = nullptr);

}  // namespace troupe::api
