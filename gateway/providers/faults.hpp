#pragma once
// The one place that reads statuses and error bodies, of every vendor (docs: each provider's error page).
#include <string>
#include <string_view>

#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// A failed answer, or a 2xx one with an error in its body, in any vendor's shape; empty and HTML bodies too.
/// The message is cut to about 1 kB and never shows anything that looks like an API key.
Verdict read_failure(const AnswerHead& head, std::string_view body);

/// An error that came as an event of a stream that had begun with status 200; `status` is what the event
/// itself stands for, 0 where only its words say.
Verdict read_stream_error(std::string_view data, int status = 0);

/// A verdict of our own about a stream: cut, malformed.
Verdict stream_fault(Fault fault, std::string message);

/// `text` without API keys and bearer tokens, valid UTF-8, at most `limit` bytes.
std::string safe_message(std::string_view text, std::size_t limit = 1000);

}  // namespace troupe::providers
