#include "gateway/api/session.hpp"

#include "core/ids.hpp"
#include "core/log.hpp"
#include "gateway/api/answer.hpp"
#include "gateway/api/chat.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/files.hpp"
#include "gateway/api/models.hpp"
#include "gateway/dialects/openai_error.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::size_t kLingerBytes = 16 << 20;

/// Some statuses are finer than the fault behind them.
int status_of(const Error& error) {
  if (error.code == "method_not_allowed") return 405;
  if (error.code == "request_header_fields_too_large") return 431;
  if (error.code == "invalid_status") return 409;
  if (error.code == "node_unreachable" || error.code == "disk") return 503;
  if (error.code == kKeysUnknown) return 503;
  return traits(error.fault).status;
}

}  // namespace

Session::Session(Worker& worker, std::shared_ptr<http::Connection> client, std::optional<Inside> inside)
    : worker_(worker),
      client_(std::move(client)),
      inside_(std::move(inside)),
      wake_(worker.dog),
      setup_(worker.setup) {
  client_->listener(&wake_);
  ++worker_.connections;
  worker_.clients.insert(client_.get());
  worker_.observer.connection_opened();
}

Session::~Session() {
  client_->close();
  worker_.clients.erase(client_.get());
  --worker_.connections;
  worker_.observer.connection_closed();
}

std::string_view Session::connection_header() const {
  if (!keep_alive_) return "connection: close\r\n";
  return head_.version < 11 ? "connection: keep-alive\r\n" : "";
}

awaitable<void> Session::run() {
  while (keep_alive_ && client_->open()) {
    const auto read = co_await read_request();
    if (read == Read::closed) break;
    if (read == Read::request) co_await serve();
    const bool sent = co_await flush();
    if (!sent) break;
  }
  if (must_linger_) co_await linger();
  client_->close();
}

awaitable<Session::Read> Session::read_request() {
  setup_ = worker_.setup;
  head_.clear();
  parser_.emplace(head_, static_cast<std::size_t>(limits().header), static_cast<std::size_t>(limits().body),
                  kUploadPath);
  bool started = false, continued = false, in_head = false;
  Time deadline = worker_.clock.now() + limits().idle;
  for (;;) {
    if (!client_->data().empty()) {
      if (!started) {
        started = in_head = true;
        arrived_ = worker_.clock.now();
        deadline = arrived_ + limits().header_timeout;
      }
      std::size_t used = 0;
      const auto state = parser_->feed(client_->data(), used);
      client_->consume(used);
      if (state == http::ParseState::done) co_return Read::request;
      if (state == http::ParseState::failed) {
        refuse(parser_->status(), parser_->reason());
        co_return Read::refused;
      }
      if (state == http::ParseState::head && streams_body()) co_return Read::request;
      if (state == http::ParseState::head) {
        in_head = false;
        if (used > 0) deadline = worker_.clock.now() + limits().body_timeout;
        if (head_.expect_continue && !continued) client_->send("HTTP/1.1 100 Continue\r\n\r\n");
        continued = true;
      }
      if (used > 0 && !client_->data().empty()) continue;
    }
    if (!client_->open()) co_return Read::closed;
    if (client_->ended()) {
      if (!started || client_->send_failed()) co_return Read::closed;
      refuse(400, "the request ended before it was complete");
      co_return Read::refused;
    }
    if (!started && served_ && worker_.draining) co_return Read::closed;
    client_->want_read();
    const auto received = client_->received;
    wake_.at = deadline;
    co_await wake_.wait();
    if (client_->ended() || !timed_out(deadline)) continue;
    // A head has its time as a whole, however it drips; elsewhere any new byte is progress.
    if (client_->received != received && !in_head) continue;
    if (!started && client_->data().empty()) co_return Read::closed;
    refuse(408, "the request did not arrive in time");
    co_return Read::refused;
  }
}

/// Answers a request that cannot be read any further, and closes.
void Session::refuse(int status, std::string_view message) {
  keep_alive_ = false;
  must_linger_ = true;
  const auto fault = status == 408                    ? Fault::caller_timeout
                     : status == 413 || status == 431 ? Fault::caller_too_large
                                                      : Fault::caller_bad_request;
  Caller caller{make_request_id(worker_.clock.wall(), worker_.random), nullptr, nullptr, setup_, arrived_};
  Error error{fault, std::string(message), {}, {}};
  error.code = status == 431 ? "request_header_fields_too_large" : "";
  reply_error(caller, error);
}

awaitable<bool> Session::flush() {
  Time deadline = worker_.clock.now() + limits().write_timeout;
  std::uint64_t sent = client_->sent;
  while (!client_->flushed()) {
    if (client_->send_failed() || !client_->open()) co_return false;
    wake_.at = deadline;
    co_await wake_.wait();
    if (client_->sent != sent) {
      sent = client_->sent;
      deadline = worker_.clock.now() + limits().write_timeout;
    } else if (timed_out(deadline)) {
      co_return false;
    }
  }
  co_return !client_->send_failed();
}

/// Reads away what the client still sends, so that the kernel does not answer it with a reset that would
/// destroy our answer on its way (RFC 9112 section 9.6).
awaitable<void> Session::linger() {
  client_->shutdown_send();
  const Time deadline = worker_.clock.now() + kLinger;
  const std::uint64_t until = client_->received + kLingerBytes;
  while (!client_->ended() && client_->received < until && !timed_out(deadline)) {
    client_->consume(client_->data().size());
    client_->want_read();
    wake_.at = deadline;
    co_await wake_.wait();
  }
}

/// POST /v1/files: its body goes to the disk as it comes.
bool Session::streams_body() const {
  return head_.method == "POST" && head_.path() == kUploadPath;
}

awaitable<void> Session::serve() {
  served_ = true;
  setup_ = worker_.setup;  // a key may have been revoked while the connection waited for this request
  keep_alive_ = parser_->keep_alive() && !worker_.draining && parser_->is_done();
  must_linger_ = !parser_->is_done();  // until the body was taken
  const auto path = head_.path();
  if (path == "/livez" || path == "/healthz") co_return answer_health(false);
  if (path == "/readyz") co_return answer_health(true);
  auto caller = authenticate();
  if (!caller) {
    Caller nobody{make_request_id(worker_.clock.wall(), worker_.random), nullptr, nullptr, setup_, arrived_};
    co_return reply_error(
        nobody, caller.error(),
        caller.error().code == kKeysUnknown ? "retry-after: 1\r\n" : "www-authenticate: Bearer\r\n");
  }
  if (is_files_path(path)) {
    ++worker_.requests;
    co_await serve_files(*this, *caller);
    --worker_.requests;
    co_return;
  }
  const auto operation = operation_at(path);
  const bool models = path == "/v1/models" || path.starts_with("/v1/models/");
  if (!operation && !models) {
    co_return reply_error(*caller,
                          {Fault::caller_not_found,
                           "Unknown request URL: " + head_.method + " " + std::string(path) +
                               ". This node serves POST /v1/chat/completions, /v1/responses, /v1/messages, "
                               "/v1/embeddings, /v1/completions, /v1/files, /v1/batches and GET /v1/models.",
                           {},
                           "unknown_url"});
  }
  if (head_.method != (operation ? "POST" : "GET")) {
    Error error{Fault::caller_bad_request,
                "Not allowed to " + head_.method + " on " + std::string(path) + "; use " +
                    (operation ? "POST" : "GET") + ".",
                {},
                "method_not_allowed"};
    co_return reply_error(*caller, error, operation ? "allow: POST\r\n" : "allow: GET\r\n");
  }
  if (models) co_return answer_models(*caller, path.size() > 11 ? path.substr(11) : std::string_view{});
  ++worker_.requests;
  ChatCall call(*this, std::move(*caller), *operation);
  co_await call.run();
  --worker_.requests;
}

void Session::answer_health(bool ready) {
  if (ready && worker_.draining) return reply(503, "application/json", "", R"({"status":"draining"})");
  if (ready && worker_.ready && !worker_.ready())
    return reply(503, "application/json", "", R"({"status":"no lease from the cluster"})");
  reply(200, "application/json", "", ready ? R"({"status":"ready"})" : R"({"status":"live"})");
}

void Session::answer_models(const Caller& caller, std::string_view id) {
  const auto shape = head_.find("anthropic-version").empty() ? ModelShape::openai : ModelShape::anthropic;
  const auto body = id.empty() ? list_models(*setup_, caller.tenant, shape, caller.key)
                               : show_model(*setup_, caller.tenant, id, shape, caller.key);
  if (body.empty()) {
    return reply_error(caller,
                       {Fault::caller_unknown_model,
                        "The model '" + std::string(id) + "' does not exist or you do not have access to it.",
                        "model", "model_not_found"});
  }
  std::string headers;
  append_header(headers, "x-request-id", caller.request_id);
  append_header(headers, "x-troupe-node", worker_.node);
  reply(200, "application/json", headers, body);
}

void Session::reply(int status, std::string_view content_type, std::string_view headers,
                    std::string_view body) {
  out_.clear();
  append_status(out_, status, worker_.date());
  append_header(out_, "content-type", content_type);
  out_.append(headers).append(connection_header());
  append_length(out_, body.size());
  out_.append("\r\n");
  client_->send(out_, head_.method == "HEAD" ? std::string_view{} : body);
}

void Session::reply_error(const Caller& caller, const Error& error, std::string_view extra_headers) {
  const int status = status_of(error);
  dialects::ErrorReport report;
  report.fault = error.fault;
  report.message = error.message;
  report.param = error.param;
  report.code = error.code;
  report.request_id = caller.request_id;
  report.node = worker_.node;
  const auto body = error_body(operation_at(head_.path()).value_or(dialects::Operation::chat), report);
  std::string headers;
  append_route(
      headers,
      {caller.request_id, worker_.node, {}, {}, {}, {}, 0, worker_.clock.now() - caller.arrived, {}});
  headers.append(extra_headers);
  reply(status, "application/json", headers, body);
  worker_.observer.request_started();
  admin::RequestRecord record;
  record.id = caller.request_id;
  record.tenant = caller.tenant ? caller.tenant->name : "";
  record.virtual_key = caller.key ? caller.key->name : "";
  record.method = head_.method;
  record.path = std::string(head_.path());
  record.peer = client_->peer;
  record.total = record.overhead = worker_.clock.now() - caller.arrived;
  record.started = worker_.clock.wall() - record.total;
  record.status = status;
  record.fault = error.fault;
  record.bytes_in = head_.body.size();
  record.bytes_out = body.size();
  worker_.observer.request_finished(std::move(record));
}

}  // namespace troupe::api
