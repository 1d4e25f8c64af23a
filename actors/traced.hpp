#pragma once
// The base of all our actors: signs in and out, counts, answers `Inspect`, and dies quietly when a handler
// throws, so that its supervisor restarts it. Internal to actors/.
#include <algorithm>
#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <string>
#include <utility>

#include "actors/company.hpp"
#include "actors/directory.hpp"
#include "actors/scheduler.hpp"
#include "actors/trace.hpp"
#include "core/time.hpp"

namespace troupe::actors {

/// Asks any traced actor how it is; answered with ActorInfo. Send it with high priority.
struct Inspect {};

/// What every actor of a node shares. Outlives them.
struct Stage {
  const Clock* clock = nullptr;
  std::string node;
  Directory directory;
};

/// A line in the log about a handler that threw; the error the actor then ends with.
caf::error report_crash(const Role& role, const std::exception_ptr& thrown);

template <class Handle>
class Traced : public Handle::base {
 public:
  using super = typename Handle::base;

  Traced(caf::actor_config& config, std::shared_ptr<Stage> stage, Role role)
      : super(config), stage_(std::move(stage)), role_(std::move(role)), trace_(stage_->clock->now()) {
    this->set_exception_handler([this](caf::scheduled_actor*, std::exception_ptr& thrown) {
      crashed();
      return report_crash(role_, thrown);
    });
    this->set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
    this->set_error_handler([](caf::scheduled_actor*, caf::error&) {});
    this->set_default_handler([](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      return caf::sec::unexpected_message;
    });
  }

  /// Makes the actor known. Not before it is whole: who finds it may send to it from another thread at once.
  void sign_in() { stage_->directory.sign_in(*this, role_); }

  const char* name() const override { return role_.type.c_str(); }

  void on_exit() override {
    stage_->directory.sign_out(this->id());
    super::on_exit();
  }

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    const auto& content = element.content();
    if (!trace_.count(content.empty() ? nullptr : content.type(0).second)) return super::consume(element);
    const auto began = now();
    const auto result = super::consume(element);
    const auto ended = now();
    trace_.sample(ended - began, this->mailbox().size(), ended);
    return result;
  }

 protected:
  /// What is special about this actor, for GET /actors/{id}.
  virtual nlohmann::json detail() { return nullptr; }
  /// One word: "running" unless there is something better to say.
  virtual std::string state() { return "running"; }
  /// A handler threw; called before the actor ends.
  virtual void crashed() {}

  ActorInfo inspect() {
    ActorInfo info;
    info.id = this->id();
    info.type = role_.type;
    info.name = role_.name;
    info.node = stage_->node;
    info.parent = role_.parent;
    info.restarts = role_.restarts;
    info.state = state();
    info.mailbox = this->mailbox().size();
    describe(info);
    info.detail = detail();
    return info;
  }

  Time now() const { return stage_->clock->now(); }
  Stage& stage() { return *stage_; }
  const Role& role() const { return role_; }

 private:
  void describe(ActorInfo& info) {
    const auto at = now();
    info.last_message = trace_.last_message();
    info.messages = trace_.messages();
    info.mailbox_max = std::max(trace_.mailbox_max(), info.mailbox);
    info.rate_1m = trace_.rate(at) * 60;
    info.busy_pct = trace_.busy_percent(at);
    info.age_s = trace_.age_seconds(at);
  }

  std::shared_ptr<Stage> stage_;
  Role role_;
  Trace trace_;
};

/// Spawns an actor that is derived from Traced and signs it in; answers its handle.
template <class Actor, caf::spawn_options Options = caf::lazy_init, class... Ts>
auto spawn_traced(caf::actor_system& system, Ts&&... xs) {
  auto handle = spawned([&] { return system.spawn<Actor, Options>(std::forward<Ts>(xs)...); });
  static_cast<Actor*>(caf::actor_cast<caf::abstract_actor*>(handle))->sign_in();
  return handle;
}

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Inspect)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ActorInfo)
