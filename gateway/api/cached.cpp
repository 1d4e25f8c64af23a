// A request's way by the cache: answered from it, or remembered by it.
#include <charconv>

#include "gateway/api/answer.hpp"
#include "gateway/api/chat.hpp"
#include "gateway/cache/key.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr std::size_t kPiece = 256 << 10;  // of a stream that is replayed, between two looks at the client

std::int64_t whole_seconds(Duration age) {
  return std::chrono::duration_cast<std::chrono::seconds>(age).count();
}

}  // namespace

/// Before limits and budgets: what was answered already takes nothing of them.
Result<void> ChatCall::open_cache() {
  const auto text = session_.request().find("x-troupe-cache");
  const auto wish = cache::read_wish(text);
  if (!wish)
    return fail(Fault::caller_bad_request,
                "The header x-troupe-cache must be 'no-store', 'no-cache' or 'ttl=SECONDS'.",
                "x-troupe-cache", "invalid_header");
  const auto& exact = caller_.setup->config->cache.exact;
  const auto& semantic = caller_.setup->config->cache.semantic;
  if ((!exact && !semantic) || !model_->cache || !wish->store) return {};
  const auto policy = cache_policy(*facts_, caller_.tenant);
  const auto revision = cache_revision(*model_);
  const auto key = cache::digest_of(
      request_,
      {exact && exact->shared ? std::string_view() : std::string_view(record_.tenant), policy, revision});
  if (!key) return {};
  record_.cache = "miss";
  cache_ = std::make_unique<CacheVisit>(worker_.desk, *key, *wish, exact);
  return {};
}

/// True when the caller has its answer, or went away.
awaitable<bool> ChatCall::answer_from_cache() {
  cache_->ask([wake = &session_.wake()] { wake->ready(); });
  const Time from = worker_.clock.now();
  while (cache_->waits()) {
    if (gone()) {
      note_gone();
      co_return true;
    }
    if (worker_.clock.now() >= total_deadline_) {
      fail_request(Fault::provider_timeout_total, 0,
                   {Fault::provider_timeout_total,
                    "the total time for this request is over while the same one was being answered",
                    {},
                    {},
                    {},
                    {}},
                   std::nullopt);
      co_return true;
    }
    session_.wake().at = total_deadline_;
    co_await session_.wake().wait();
  }
  record_.queued += worker_.clock.now() - from;
  const auto* hit = cache_->hit();
  if (hit == nullptr) {
    const bool meant = co_await answer_by_meaning();
    co_return meant;
  }
  const auto told = *hit;
  record_.cache = "hit";
  co_await replay(*told.entry, told.age, "hit");
  co_return true;
}

/// Byte for byte as it was delivered the first time, under this request's own headers.
awaitable<void> ChatCall::replay(const cache::Entry& entry, Duration age, std::string_view how) {
  const Time now = worker_.clock.now();
  std::string head;
  head.reserve(640);
  append_status(head, 200, worker_.date());
  append_header(head, "content-type", entry.stream ? "text/event-stream; charset=utf-8" : "application/json");
  append_route(head, {caller_.request_id, worker_.node, entry.provider, entry.model, entry.key, "cache", 0,
                      std::max(Duration::zero(), now - caller_.arrived - record_.queued), Money{}, how});
  append_header(head, "age", std::to_string(whole_seconds(age)));
  if (dialects::dialect_of(operation_) == dialects::Dialect::anthropic)
    append_header(head, "request-id", caller_.request_id);
  append_own(head);
  note_replay(entry, now);
  if (entry.stream) co_return co_await replay_stream(entry.body, std::move(head));
  head.append(session_.connection_header());
  append_length(head, entry.body.size());
  head.append("\r\n");
  session_.client().send(head, entry.body);
  record_.bytes_out = entry.body.size();
}

void ChatCall::note_replay(const cache::Entry& entry, Time now) {
  record_.status = 200;
  record_.route = "cache";
  record_.provider = entry.provider;
  record_.key = entry.key;
  record_.upstream_model = entry.model;
  record_.cost = Money{};
  record_.saved = Money{entry.picos};
  record_.first_token = now - caller_.arrived;
  over_ = true;
}

awaitable<void> ChatCall::replay_stream(std::string_view frames, std::string head) {
  if (!chunked_) session_.close_after();
  head.append(session_.connection_header()).append("cache-control: no-cache\r\n");
  head.append(chunked_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n");
  worker_.observer.stream_opened();
  while (!frames.empty()) {
    const auto piece = frames.substr(0, kPiece);
    frames.remove_prefix(piece.size());
    if (chunked_) {
      char size[20];
      head.append(size, std::to_chars(size, size + sizeof size, piece.size(), 16).ptr).append("\r\n");
    }
    session_.client().send(head, piece, chunked_ ? "\r\n" : "");
    head.clear();
    record_.bytes_out += piece.size();
    if (frames.empty()) break;
    const bool taken = co_await session_.flush();
    if (!taken || gone()) {
      note_gone();
      break;
    }
  }
  if (chunked_ && frames.empty() && !record_.fault) session_.client().send("0\r\n\r\n");
  worker_.observer.stream_closed();
}

/// What was delivered whole is there for others. A caller that went away at the end changes nothing of that.
void ChatCall::remember(const Attempt& attempt) {
  if (!cache_ || !attempt.complete()) return;
  const auto& endpoint = *attempt.granted().endpoint;
  cache::Entry entry;
  entry.tenant = record_.tenant;
  entry.provider = endpoint.key->provider->name;
  entry.key = endpoint.key->key.name;
  entry.model = endpoint.model;
  entry.stream = request_.stream;
  entry.input = attempt.usage().input.count;
  entry.output = attempt.usage().output.count;
  entry.picos = attempt.cost().value_or(Money{}).picos;
  remember_meaning(cache_->keep(std::move(entry)));
}

}  // namespace troupe::api
