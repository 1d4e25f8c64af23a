#include "gateway/api/semantic_desk.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/log.hpp"
#include "core/units.hpp"

namespace troupe::api {
namespace {

namespace asio = boost::asio;

}  // namespace

std::string semantic_group(std::string_view tenant, std::string_view model) {
  return std::string(tenant) + "\n" + std::string(model);
}

SemanticDesk::SemanticDesk(const Clock& clock) : clock_(clock) {}

SemanticDesk::~SemanticDesk() {
  on_ = false;
  if (!thread_.joinable()) return;
  io_.stop();
  thread_.join();
}

void SemanticDesk::use(const std::optional<config::SemanticCache>& settings) {
  on_.store(settings.has_value(), std::memory_order_release);
  if (!settings) return flush({});
  if (!thread_.joinable()) {
    guard_.emplace(io_.get_executor());
    thread_ = std::thread([this] {
      try {
        io_.run();
      } catch (const std::exception& e) {
        on_ = false;
        log::error("semantic_cache_exception").text("what", e.what());
      }
    });
  }
  const semantic::Meanings::Settings to{static_cast<float>(settings->threshold),
                                        static_cast<std::size_t>(settings->max_entries), settings->guard};
  asio::post(io_, [this, to] { meanings_.use(to); });
}

bool SemanticDesk::look(asio::io_context& home, SemanticAsk ask, std::function<void(SemanticTold)> done) {
  if (!on()) return false;
  if (waiting_.fetch_add(1) >= kWaiting) {
    waiting_.fetch_sub(1);
    return false;
  }
  asio::post(io_, [this, &home, ask = std::move(ask), done = std::move(done)]() mutable {
    auto told = answer(ask);
    waiting_.fetch_sub(1);
    publish();
    asio::post(home, [told = std::move(told), done = std::move(done)]() mutable { done(std::move(told)); });
  });
  return true;
}

SemanticTold SemanticDesk::answer(SemanticAsk& ask) {
  SemanticTold told;
  told.question = std::move(ask.question);
  if (!told.question)
    told.question = semantic::question_of(*ask.request, {ask.tenant, ask.policy, ask.revision});
  if (!told.question) return told;
  told.vector = std::move(ask.vector);
  if (told.vector.empty() && ask.lexical) told.vector = semantic::lexical_vector(told.question->text);
  if (!told.vector.empty())
    told.found = meanings_.find(semantic_group(ask.tenant, ask.request->model), *told.question, told.vector,
                                ask.max_age, clock_.now());
  return told;
}

void SemanticDesk::keep(std::string group, semantic::Question question, semantic::Vector vector,
                        cache::EntryPtr entry, Duration ttl) {
  if (!on() || waiting_.fetch_add(1) >= 2 * kWaiting) {
    if (on()) waiting_.fetch_sub(1);
    return;
  }
  asio::post(io_, [this, group = std::move(group), question = std::move(question), vector = std::move(vector),
                   entry = std::move(entry), ttl]() mutable {
    meanings_.put(group, question, std::move(vector), std::move(entry), ttl, clock_.now());
    waiting_.fetch_sub(1);
    publish();
  });
}

void SemanticDesk::flush(std::optional<std::string> tenant) {
  if (!thread_.joinable()) return;
  asio::post(io_, [this, tenant = std::move(tenant)] {
    meanings_.flush(tenant ? std::optional<std::string_view>(*tenant) : std::nullopt);
    publish();
  });
}

/// Twenty times a second at most: nobody reads faster.
void SemanticDesk::publish() {
  messages_.fetch_add(1, std::memory_order_relaxed);
  if (armed_) return;
  armed_ = true;
  timer_.expires_after(std::chrono::milliseconds(50));
  timer_.async_wait([this](boost::system::error_code error) {
    armed_ = false;
    if (!error) show();
  });
}

void SemanticDesk::show() {
  auto tenants = nlohmann::json::object();
  for (const auto& [name, share] : meanings_.tenants())
    tenants[name] = {{"entries", share.entries},
                     {"bytes", share.bytes},
                     {"hits", share.hits},
                     {"saved_usd", Money{share.saved_picos}.dollars()}};
  auto text = nlohmann::json{{"entries", meanings_.entries()},     {"bytes", meanings_.bytes()},
                             {"hits", meanings_.hits()},           {"evicted", meanings_.evicted()},
                             {"forbidden", meanings_.forbidden()}, {"tenants", std::move(tenants)}}
                  .dump();
  const std::lock_guard lock(mutex_);
  shown_ = std::move(text);
}

nlohmann::json SemanticDesk::detail() const {
  const std::lock_guard lock(mutex_);
  auto out = shown_.empty() ? nlohmann::json::object() : nlohmann::json::parse(shown_);
  out["waiting"] = waiting_.load();
  return out;
}

}  // namespace troupe::api
