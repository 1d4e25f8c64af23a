#include "gateway/api/counting.hpp"

#include "gateway/api/worker.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

namespace troupe::api::testing {
namespace {

dialects::Request chat(const std::string& text) {
  const auto body = R"({"model":"m","messages":[{"role":"user","content":")" + text + "\"}]}";
  return dialects::parse_request(dialects::Operation::chat, body).value();
}

const CountedFor kSomebodys{"p", "somebodys-model"};

}  // namespace

TEST_CASE("what a provider billed corrects the next guess for that endpoint, and for no other") {
  Counting counting(nullptr, 1);
  auto request = chat(std::string(4000, 'a'));
  CHECK_FALSE(counting.refine(request, kSomebodys, true));
  const auto guess = request.input_guess;
  CHECK(request.input_estimate == guess);
  for (int i = 0; i < 100; ++i) counting.learn("p/somebodys-model", request, {guess.count * 2});
  auto next = chat(std::string(4000, 'b'));
  counting.refine(next, kSomebodys, false);
  CHECK(next.input_guess == guess);
  CHECK(next.input_estimate.count > guess.count * 19 / 10);
  CHECK(next.input_estimate.count <= guess.count * 2);
  auto other = chat(std::string(4000, 'c'));
  counting.refine(other, {"q", "somebodys-model"}, false);
  CHECK(other.input_estimate == guess);
}

TEST_CASE("an alias is counted for its first target, a direct name for itself") {
  const auto config = stage_config();
  CHECK(counted_for(config->models.front(), "smart").name() == "one/gpt-4o");
  CHECK(counted_for({}, "p/a/b").name() == "p/a/b");
  CHECK(counted_for({}, "p/a/b").provider == "p");
}

TEST_CASE("tokens matter where a key, a tenant or the request limits or pays for them") {
  auto config = stage_config();
  const auto setup_of = [&] { return make_setup(config, config::PriceCatalogue::embedded()); };
  const auto plain = chat("x");
  const CountedFor whose{"one", "gpt-4o"};
  CHECK_FALSE(tokens_matter(*setup_of(), nullptr, nullptr, plain, whose));
  auto priced = chat("x");
  priced.max_cost_usd = 0.1;
  CHECK(tokens_matter(*setup_of(), nullptr, nullptr, priced, whose));
  config::Tenant tenant;
  CHECK_FALSE(tokens_matter(*setup_of(), &tenant, nullptr, plain, whose));
  tenant.limits.tpm = 5;
  CHECK(tokens_matter(*setup_of(), &tenant, nullptr, plain, whose));
  tenant.limits = {};
  tenant.per_user.itpm = 5;
  CHECK(tokens_matter(*setup_of(), &tenant, nullptr, plain, whose));
  tenant.per_user = {};
  config::VirtualKey client;
  CHECK_FALSE(tokens_matter(*setup_of(), &tenant, &client, plain, whose));
  client.limits.tpd = 5;
  CHECK(tokens_matter(*setup_of(), &tenant, &client, plain, whose));
  config->providers.front().keys.front().limits.rpm = 5;
  CHECK_FALSE(tokens_matter(*setup_of(), nullptr, nullptr, plain, whose));
  config->providers.front().keys.front().limits.itpm = 5;
  CHECK(tokens_matter(*setup_of(), nullptr, nullptr, plain, whose));
  CHECK_FALSE(tokens_matter(*setup_of(), nullptr, nullptr, plain, {"two", "gpt-4o"}));
}

}  // namespace troupe::api::testing
