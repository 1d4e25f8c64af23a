#pragma once
// Between the caller's dialect and the provider's: the same bytes where they are one, else by way of the
// model. For adapters.
#include <memory>
#include <string>

#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// The request as a value; decoded when somebody asks first.
Result<std::shared_ptr<const dialects::Conversation>> conversation_of(const dialects::Request& request);

/// The body for a provider that speaks `to`. Fails with a caller_* fault that names the field which cannot be
/// said there.
Result<std::string> write_request(const dialects::Request& request, dialects::Dialect to,
                                  const dialects::Target& target);

/// The same for providers that only have conversations: embeddings and completions are refused.
Result<std::string> write_conversation(const dialects::Request& request, dialects::Dialect to,
                                       const dialects::Target& target);

/// A whole 2xx answer of a provider that speaks `from`, for the caller. A body that is an error fails with
/// what it means.
Result<WholeAnswer> read_whole(const dialects::Request& request, dialects::Dialect from,
                               const AnswerHead& head, std::string body);

/// A 2xx answer that is none: an error in its body, or something else altogether; `why` where it names no
/// reason.
tl::unexpected<Error> no_answer(const AnswerHead& head, std::string_view body, std::string_view why);

/// The reader of a stream of a provider that speaks `from`.
std::unique_ptr<StreamReader> read_stream(const dialects::Request& request, dialects::Dialect from);
/// The same by `decoder`, whose dialect is none that callers speak.
std::unique_ptr<StreamReader> read_stream(const dialects::Request& request,
                                          std::unique_ptr<dialects::StreamDecoder> decoder);

}  // namespace troupe::providers
