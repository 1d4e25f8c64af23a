#include "actors/traced.hpp"

#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "core/time.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace troupe::actors;
using troupe::testing::ManualClock;

namespace {

using Handle = caf::typed_actor<caf::replies_to<Inspect>::with<ActorInfo>>;

/// Looks itself up while it is being made.
class Novice final : public Traced<Handle> {
 public:
  Novice(caf::actor_config& config, const std::shared_ptr<Stage>& stage, bool& known_too_early)
      : Traced(config, stage, Role{"novice", "one", "", 0}) {
    known_too_early = stage->directory.find("novice", "one") != nullptr;
  }

 protected:
  behavior_type make_behavior() override {
    return {[this](const Inspect&) { return inspect(); }};
  }
};

}  // namespace

TEST_CASE("an actor is known once it is whole, and until it has ended") {
  boost::asio::io_context io;
  SystemConfig config({&io});
  caf::actor_system system(config);
  ManualClock clock;
  auto stage = std::make_shared<Stage>();
  stage->clock = &clock;
  bool known_too_early = true;
  const auto actor = spawn_traced<Novice>(system, stage, known_too_early);
  CHECK_FALSE(known_too_early);
  CHECK(stage->directory.find("novice", "one") != nullptr);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  io.poll();
  CHECK(stage->directory.find("novice", "one") == nullptr);
  Coordinator::of(system).fence();
}
