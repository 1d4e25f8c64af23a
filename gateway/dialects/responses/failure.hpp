#pragma once
// The end of a stream that failed after its start. Failures before it are OpenAI's error bodies
// (openai_error.hpp).
#include <cstdint>
#include <string>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/openai_error.hpp"

namespace troupe::dialects::responses {

/// Appends to `started.out` an `error` event and `response.failed` with what was finished until then. Nothing
/// when `started` is no encoder of this dialect, or has ended.
void fail_stream(StreamEncoder& started, const ErrorReport& report);

/// The same two events for a stream that was relayed and not written here: `framing.id` is the id that the
/// caller was told, `sequence` the number after the last one that it has seen.
std::string failure_events(const ErrorReport& report, const Framing& framing, std::int64_t sequence);

}  // namespace troupe::dialects::responses
