#include "gateway/providers/translating.hpp"

#include "gateway/providers/embed.hpp"
#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::providers {

Result<std::string> Translating::write(const dialects::Request& request, std::string_view model,
                                       std::string_view flavour) const {
  if (request.operation == dialects::Operation::embeddings && vectors_ != nullptr)
    return write_embedding(request, *vectors_, model);
  return write_conversation(request, dialect_, {std::string(model), std::string(flavour), request.drop});
}

Verdict Translating::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Translating::whole(const dialects::Request& request, const config::Provider&,
                                       const AnswerHead& head, std::string body) const {
  if (request.operation == dialects::Operation::embeddings && vectors_ != nullptr)
    return read_embedding(request, *vectors_, head, body);
  return read_whole(request, dialect_, head, std::move(body));
}

std::unique_ptr<StreamReader> Translating::stream(const dialects::Request& request,
                                                  const config::Provider&) const {
  return read_stream(request, dialect_);
}

LimitReport Translating::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
