// How sessions ask the cache: a question that may stay open for as long as somebody else gets the answer.
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <utility>

#include "actors/cache_actor.hpp"
#include "actors/cells.hpp"
#include "actors/tell.hpp"
#include "actors/thread_desk.hpp"

namespace troupe::actors {
namespace {

class Look final : public CacheLook, private Asker {
 public:
  Look(Port& port, std::shared_ptr<CacheCell> cell, const CacheAsk& asked, std::function<void()> ready)
      : port_(port), cell_(std::move(cell)), asked_(asked), ready_(std::move(ready)) {}

  void send(const CacheHandle& to) {
    auto* actor = caf::actor_cast<caf::abstract_actor*>(to);
    id_ = port_.open_slot(*this);
    port_.unit().enter(
        [&] { actor->enqueue(caf::make_mailbox_element(port_.address(), id_, {}, asked_), &port_.unit()); });
    sent_ = true;
  }

  ~Look() override {
    if (!told_) port_.close_slot(id_);
    if (!told_ || !told_->entry) end({});
  }

  const std::optional<cache::Told>& told() const override { return told_; }

  void end(cache::End how) override {
    if (std::exchange(ended_, true)) return;
    if (const auto* actor = cell_->door.handle())
      tell(port_, *actor, CacheEnd{asked_.key, asked_.ticket, std::move(how)});
  }

 private:
  void answered(caf::message& content) override {
    if (content.match_elements<cache::Told>()) {
      told_.emplace(std::move(content.get_mutable_as<cache::Told>(0)));
    } else {
      told_.emplace(cache::Told{asked_.ticket, nullptr, {}});  // the actor fell: nobody to wait for
    }
    if (sent_ && ready_) ready_();
  }

  Port& port_;
  std::shared_ptr<CacheCell> cell_;
  const CacheAsk asked_;
  std::function<void()> ready_;
  caf::message_id id_;
  std::optional<cache::Told> told_;
  bool sent_ = false, ended_ = false;
};

}  // namespace

std::unique_ptr<CacheLook> ThreadDesk::look_up(const cache::Digest& key, Duration max_age,
                                               std::function<void()> ready) {
  auto cell = cast_->cells.cache_of(key);
  const auto* actor = cell ? cell->door.handle() : nullptr;
  if (!actor) return nullptr;
  auto look = std::make_unique<Look>(port(), std::move(cell),
                                     CacheAsk{key, std::uint64_t{thread_ + 1} << 48 | ++tickets_, max_age},
                                     std::move(ready));
  look->send(*actor);
  return look;
}

void ThreadDesk::keep(const cache::Digest& key, cache::EntryPtr entry, Duration ttl) {
  const auto cell = cast_->cells.cache_of(key);
  const auto* actor = cell ? cell->door.handle() : nullptr;
  if (actor) tell(port(), *actor, CacheEnd{key, 0, {std::move(entry), ttl, false}});
}

}  // namespace troupe::actors
