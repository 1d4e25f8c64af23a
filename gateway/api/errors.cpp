#include "gateway/api/errors.hpp"

#include <array>
#include <utility>

#include "gateway/dialects/anthropic/errors.hpp"

namespace troupe::api {
namespace {

using dialects::Operation;

/// The contract's paths, and those that some SDKs make of a base URL.
constexpr std::array<std::pair<std::string_view, Operation>, 8> kPaths{
    {{"/v1/chat/completions", Operation::chat},
     {"/v1/responses", Operation::responses},
     {"/v1/messages", Operation::messages},
     {"/v1/messages/count_tokens", Operation::count_tokens},
     {"/v1/embeddings", Operation::embeddings},
     {"/v1/completions", Operation::completions},
     {"/openai/v1/chat/completions", Operation::chat},
     {"/chat/completions", Operation::chat}}};

}  // namespace

std::optional<Operation> operation_at(std::string_view path) {
  for (const auto& [known, operation] : kPaths) {
    if (known == path) return operation;
  }
  return std::nullopt;
}

std::string error_body(Operation operation, const dialects::ErrorReport& report) {
  return dialects::dialect_of(operation) == dialects::Dialect::anthropic
             ? dialects::anthropic::error_body(report)
             : dialects::openai_error_body(report);
}

}  // namespace troupe::api
