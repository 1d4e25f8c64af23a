// A request's way by the semantic cache: answered by what it means, or remembered by it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/api/chat.hpp"
#include "gateway/api/embedding.hpp"
#include "gateway/api/semantic_desk.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {

constexpr Duration kPatience = std::chrono::milliseconds(50);  // for the index
constexpr Duration kEmbedding = std::chrono::seconds(1);       // for a provider's vector

}  // namespace

awaitable<bool> ChatCall::ask_meaning(SemanticAsk ask) {
  auto told = std::make_shared<std::optional<SemanticTold>>();
  auto wake = std::make_shared<http::Wakeup*>(&session_.wake());
  struct Gone {
    std::shared_ptr<http::Wakeup*> wake;
    ~Gone() { *wake = nullptr; }
  } gone_guard{wake};
  std::function<void(SemanticTold)> done = [told, wake](SemanticTold answer) {
    *told = std::move(answer);
    if (*wake != nullptr) (*wake)->ready();
  };
  if (!worker_.meanings->look(worker_.io, std::move(ask), std::move(done))) co_return false;
  const Time until = worker_.clock.now() + kPatience;
  while (!*told && worker_.clock.now() < until && !gone()) {
    session_.wake().at = until;
    co_await session_.wake().wait();
  }
  if (!*told) {
    meaning_->late = told;
    co_return false;
  }
  meaning_->told = std::move(**told);
  co_return true;
}

/// True when the caller has its answer. Whatever goes wrong here is a miss.
awaitable<bool> ChatCall::answer_by_meaning() {
  const auto& settings = caller_.setup->config->cache.semantic;
  if (!settings || worker_.meanings == nullptr || !cache_->looks()) co_return false;
  if (request_.body.size() > semantic::kLargestBody || !dialects::converses(operation_)) co_return false;
  const Time from = worker_.clock.now();
  record_.meant = true;
  meaning_ = std::make_unique<SemanticVisit>();
  SemanticAsk ask;
  ask.request = std::make_shared<const dialects::Request>(request_);
  if (!settings->shared) ask.tenant = record_.tenant;
  ask.policy = cache_policy(*facts_, caller_.tenant);
  ask.revision = cache_revision(*model_);
  ask.max_age = cache_->max_age();
  ask.lexical = settings->embed.empty();
  meaning_->group = semantic_group(ask.tenant, request_.model);
  auto first = ask;
  bool heard = co_await ask_meaning(std::move(first));
  if (heard && !ask.lexical && meaning_->told.question) {
    ask.question = meaning_->told.question;
    Embedding embedding(worker_, session_.wake(), settings->embed, ask.question->text);
    ask.vector = co_await embedding.get(worker_.clock.now() + kEmbedding);
    heard = !ask.vector.empty();
    if (heard) heard = co_await ask_meaning(std::move(ask));
  }
  record_.queued += worker_.clock.now() - from;
  if (gone()) {
    note_gone();
    co_return true;
  }
  if (!heard || !meaning_->told.found) co_return false;
  const auto found = std::move(*meaning_->told.found);
  meaning_.reset();
  cache_->give_up();
  record_.cache = "semantic";
  const auto how = fmt::format("semantic;score={:.2f}{}", static_cast<double>(found.score),
                               settings->embed.empty() ? ";by=lexical" : "");
  co_await replay(*found.entry, found.age, how);
  co_return true;
}

void ChatCall::remember_meaning(cache::EntryPtr entry) {
  if (!meaning_ || !entry) return;
  if (meaning_->late && *meaning_->late) meaning_->told = std::move(**meaning_->late);
  if (!meaning_->told.question || meaning_->told.vector.empty()) return meaning_.reset();
  const auto& settings = caller_.setup->config->cache.semantic;
  worker_.meanings->keep(std::move(meaning_->group), std::move(*meaning_->told.question),
                         std::move(meaning_->told.vector), std::move(entry),
                         cache_->ttl().value_or(settings->ttl));
  meaning_.reset();
}

}  // namespace troupe::api
