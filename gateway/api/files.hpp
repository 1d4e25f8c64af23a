#pragma once
// /v1/files and /v1/batches: a session's side of it. What is kept, and by whom, gateway/batch knows.
#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "gateway/api/session.hpp"
#include "gateway/batch/objects.hpp"

namespace troupe::api {

/// Whether files.cpp serves that path.
bool is_files_path(std::string_view path);
/// Whether the request's body is streamed to the disk: POST /v1/files.
inline constexpr std::string_view kUploadPath = "/v1/files";

/// Answers in any case.
boost::asio::awaitable<void> serve_files(Session& session, const Caller& caller);
/// Takes a multipart form with `purpose` and `file`. Answers in any case.
boost::asio::awaitable<void> serve_upload(Session& session, const Caller& caller);

/// Whose things a caller sees.
batch::Owner owner_of(const Caller& caller);
/// What a client is told of something that failed at the disk: nothing of paths; the log has them.
Error told(const Error& error);
/// An answer of gateway/batch that is no 200.
Error error_of(int status, std::string_view text);
/// x-request-id and x-troupe-node.
std::string own_headers(Session& session, const Caller& caller);

}  // namespace troupe::api
