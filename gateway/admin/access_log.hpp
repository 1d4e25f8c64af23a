#pragma once
// The access log: one event "request" per request; no prompt text, no secret.
#include "gateway/admin/request_record.hpp"

namespace troupe::admin {

/// Writes the line; does nothing when the level `info` is off. Names that a client chose are cut at 128
/// bytes.
void log_request(const RequestRecord& record);

/// "openai/primary/provider_overloaded/12ms claude/claude-1/ok/80ms": the attempts in order.
std::string compact_attempts(const RequestRecord& record);

}  // namespace troupe::admin
