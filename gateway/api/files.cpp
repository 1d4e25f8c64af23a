#include "gateway/api/files.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/log.hpp"
#include "gateway/api/answer.hpp"
#include "gateway/api/later.hpp"
#include "gateway/batch/front.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr auto kLongestWindow = std::chrono::hours(24 * 30);

Fault fault_of(int status) {
  switch (status) {
    case 400:
    case 409:
      return Fault::caller_bad_request;
    case 404:
      return Fault::caller_not_found;
    case 413:
      return Fault::caller_too_large;
    case 429:
      return Fault::policy_queue_full;
    default:
      return Fault::troupe_internal;
  }
}

/// Whether "GET, POST" names the method.
bool names(std::string_view list, std::string_view method) {
  while (!list.empty()) {
    const auto one = list.substr(0, list.find(','));
    if (one == method) return true;
    list.remove_prefix(std::min(one.size() + 2, list.size()));
  }
  return false;
}

awaitable<batch::Answer> ask(Session& session, batch::Question question) {
  Later<batch::Answer> later(session.worker().io, session.wake());
  session.worker().files->ask(std::move(question), later.teller());
  auto answer = co_await later.value(session.client());
  if (!answer) co_return batch::refusal(503, "The node ends.", {}, "node_unreachable");
  co_return std::move(*answer);
}

/// The bytes of a file, part by part, as fast as the client takes them.
awaitable<void> send_content(Session& session, const Caller& caller, batch::Question question) {
  auto about = question;
  about.what = batch::What::show_file;
  const auto shown = co_await ask(session, std::move(about));
  if (shown.status != 200) co_return session.reply_error(caller, error_of(shown.status, shown.text));
  const auto size = nlohmann::json::parse(shown.text).value("bytes", std::uint64_t{0});
  std::string head;
  append_status(head, 200, session.worker().date());
  append_header(head, "content-type", "application/octet-stream");
  head.append(own_headers(session, caller)).append(session.connection_header());
  append_length(head, size);
  head.append("\r\n");
  session.client().send(head);
  while (question.offset < size) {
    const auto part = co_await ask(session, question);
    // Less than was promised: the client must not take it for the whole.
    if (part.status != 200 || part.text.empty()) co_return session.client().reset();
    session.client().send(part.text);
    question.offset += part.text.size();
    const bool sent = co_await session.flush();
    if (!sent) co_return session.client().close();
  }
}

}  // namespace

bool is_files_path(std::string_view path) {
  return !batch::methods_of(path).empty();
}

batch::Owner owner_of(const Caller& caller) {
  return {caller.tenant ? caller.tenant->name : "", caller.key ? caller.key->name : ""};
}

Error told(const Error& error) {
  if (error.fault != Fault::troupe_internal) return error;
  log::error("batch_disk").text("what", error.message);
  return error_of(503, batch::disk_trouble(error).text);
}

Error error_of(int status, std::string_view text) {
  Error out{fault_of(status),
            "The node that keeps this is too busy to answer. Try again in a moment.",
            {},
            status == 503 ? "node_unreachable" : ""};
  const auto body = nlohmann::json::parse(text, nullptr, false);
  if (!body.is_object()) return out;
  out.message = body.value("message", out.message);
  out.param = body.value("param", "");
  out.code = body.value("code", "");
  return out;
}

std::string own_headers(Session& session, const Caller& caller) {
  std::string out;
  append_header(out, "x-request-id", caller.request_id);
  append_header(out, "x-troupe-node", session.worker().node);
  return out;
}

awaitable<void> serve_files(Session& session, const Caller& caller) {
  const auto& request = session.request();
  const auto path = request.path();
  const auto allowed = batch::methods_of(path);
  if (!names(allowed, request.method)) {
    Error error{Fault::caller_bad_request,
                "Not allowed to " + request.method + " on " + std::string(path) + "; use " +
                    std::string(allowed) + ".",
                {},
                "method_not_allowed"};
    co_return session.reply_error(caller, error, "allow: " + std::string(allowed) + "\r\n");
  }
  if (session.worker().files == nullptr) {
    const auto none = batch::nothing_kept();
    co_return session.reply_error(caller, error_of(none.status, none.text));
  }
  if (request.method == "POST" && path == kUploadPath) co_return co_await serve_upload(session, caller);
  const auto mark = request.target.find('?');
  const auto query =
      mark == request.target.npos ? std::string_view{} : std::string_view(request.target).substr(mark + 1);
  auto question = batch::question_of(request.method, path, query, request.body, kLongestWindow);
  if (!question) co_return session.reply_error(caller, question.error());
  question->owner = owner_of(caller);
  if (question->what == batch::What::read_file)
    co_return co_await send_content(session, caller, std::move(*question));
  const auto answer = co_await ask(session, std::move(*question));
  if (answer.status != 200) co_return session.reply_error(caller, error_of(answer.status, answer.text));
  session.reply(200, "application/json", own_headers(session, caller), answer.text);
}

}  // namespace troupe::api
