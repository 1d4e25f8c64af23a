#pragma once
// An answer in a provider's own shape, whole or as frames of a stream. Pure.
#include <string>
#include <vector>

#include "gateway/http/message.hpp"
#include "gateway/mock/answer.hpp"
#include "gateway/mock/ask.hpp"
#include "gateway/mock/behaviour.hpp"
#include "gateway/mock/book.hpp"

namespace troupe::mock {

/// A stream before it is played. The two last are what goes wrong on demand.
struct Frames {
  std::string opening;
  std::vector<std::string> content;  ///< one per token
  std::string closing;
  std::string garbage;      ///< a frame that is no JSON
  std::string error_event;  ///< the dialect's error inside a stream
};

/// A failure in words; `type` and `code` as OpenAI spells them.
struct Trouble {
  int status = 500;
  std::string message, type, code, param;
  Duration retry_after{0};
};

Trouble trouble_of(const Plan& plan, Dialect dialect, const std::string& model);
/// 400 with the reader's words.
Trouble trouble_of(const Error& error);

Frames openai_frames(const Ask& ask, const Answer& answer);
std::string openai_whole(const Ask& ask, const Answer& answer);
std::string openai_error(const Trouble& trouble);

Frames anthropic_frames(const Ask& ask, const Answer& answer);
std::string anthropic_whole(const Ask& ask, const Answer& answer);
std::string anthropic_error(const Trouble& trouble, const std::string& request_id);

/// The head of every answer: request id and, where the key has limits, what is left of them.
http::Response head(Dialect dialect, const std::string& request_id, Page& page, Time now, WallTime wall);
/// `trouble` as an answer on top of that head.
http::Response failed(http::Response head, Dialect dialect, const Trouble& trouble,
                      const std::string& request_id);

/// "1s", "120ms", "6m0s": how OpenAI writes spans (x-ratelimit-reset-*).
std::string openai_span(Duration span);
/// "2025-01-01T00:00:00Z" (RFC 3339): how Anthropic writes resets.
std::string rfc3339(WallTime wall);

}  // namespace troupe::mock
