#pragma once
// The plain server's bytes: heads, chunks and error bodies. Pure.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/http/message.hpp"

namespace troupe::http {

/// How a body is delimited (RFC 9112 section 6): by content-length, by chunks, or by the close of the
/// connection (HTTP/1.0 streams).
enum class Framing : std::uint8_t { length, chunked, until_close };

/// Status line and headers, with the blank line. Headers whose value holds CR or LF are left out, so that no
/// text from outside can add a header.
std::string answer_head(const Response& response, Framing framing, bool keep_alive);

/// `piece` as one chunk; empty for an empty piece, because an empty chunk would end the body.
std::string chunk(std::string_view piece);

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// {"error":{"message":…,"type":…}} with that status.
Response error_answer(int status, std::string_view type, std::string_view message);

}  // namespace troupe::http
