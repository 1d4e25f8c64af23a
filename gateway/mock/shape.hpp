#pragma once
// An answer in a provider's own shape, whole or as frames of a stream. Pure.
#include <string>
#include <string_view>
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

/// How one dialect is read and written.
struct Shape {
  Result<Ask> (*read)(const Json& body);
  Frames (*frames)(const Ask& ask, const Answer& answer);
  std::string (*whole)(const Ask& ask, const Answer& answer);
  std::string (*error)(const Trouble& trouble, const std::string& request_id);
  std::string_view stream_type;  ///< content type of streams
  std::string_view id, call_id;  ///< what ids of answers and of calls begin with
};
const Shape& shape(Dialect dialect);

Frames openai_frames(const Ask& ask, const Answer& answer);
std::string openai_whole(const Ask& ask, const Answer& answer);
std::string openai_error(const Trouble& trouble);

Frames anthropic_frames(const Ask& ask, const Answer& answer);
std::string anthropic_whole(const Ask& ask, const Answer& answer);
std::string anthropic_error(const Trouble& trouble, const std::string& request_id);

Frames responses_frames(const Ask& ask, const Answer& answer);
std::string responses_whole(const Ask& ask, const Answer& answer);

Frames gemini_frames(const Ask& ask, const Answer& answer);
std::string gemini_whole(const Ask& ask, const Answer& answer);
std::string gemini_error(const Trouble& trouble);

Frames converse_frames(const Ask& ask, const Answer& answer);
std::string converse_whole(const Ask& ask, const Answer& answer);
std::string converse_error(const Trouble& trouble);
/// The value of x-amzn-errortype.
std::string_view converse_error_type(int status);

Frames cohere_frames(const Ask& ask, const Answer& answer);
std::string cohere_whole(const Ask& ask, const Answer& answer);
std::string cohere_error(const Trouble& trouble, const std::string& request_id);

Frames ollama_frames(const Ask& ask, const Answer& answer);
std::string ollama_whole(const Ask& ask, const Answer& answer);
std::string ollama_error(const Trouble& trouble);

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
