#include "config/environment.hpp"

#include "config/load.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

TEST_CASE("without any variable there is a mock that smart, auto and cheap work with") {
  const auto result = load_environment(world());
  CAPTURE(said(result.problems));
  REQUIRE(result);
  CHECK(result.config->source == "environment");
  REQUIRE(result.config->providers.size() == 1);
  CHECK(result.config->providers[0].name == "mock");
  std::string names;
  for (const auto& model : result.config->models) names += model.name + " ";
  CHECK(names == "smart auto cheap mock ");
}

TEST_CASE("each key found brings its provider, with mock as the last tier") {
  const auto result = load_environment(world({{"OPENAI_API_KEY", "sk-o"},
                                              {"OPENAI_BASE_URL", "http://127.0.0.1:9/v1"},
                                              {"ANTHROPIC_API_KEY", "sk-a"},
                                              {"GROQ_API_KEY", "sk-g"},
                                              {"XAI_API_KEY", ""}}));
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto& config = *result.config;
  REQUIRE(config.providers.size() == 4);
  CHECK(config.providers[0].base_url == "http://127.0.0.1:9/v1");
  CHECK(config.providers[1].type == ProviderType::anthropic);
  CHECK(config.providers[1].base_url.empty());
  CHECK(config.providers[2].type == ProviderType::groq);
  CHECK(config.providers[2].keys[0].secret.reveal() == "sk-g");
  const auto& smart = config.models[0];
  CHECK(smart.targets.size() == 4);
  CHECK(smart.targets.back().provider == "mock");
  CHECK(smart.targets.back().tier > smart.targets.front().tier);
}

TEST_CASE("every vendor's key makes a valid configuration") {
  TextMap all;
  for (const auto* name :
       {"OPENAI", "ANTHROPIC", "GROQ", "MISTRAL", "DEEPSEEK", "OPENROUTER", "TOGETHER", "XAI", "CEREBRAS"})
    all[std::string(name) + "_API_KEY"] = "k";
  const auto result = load_environment(world(all));
  CAPTURE(said(result.problems));
  REQUIRE(result);
  CHECK(result.config->providers.size() == 10);
}

TEST_CASE("addresses come from TROUPE_LISTEN and TROUPE_ADMIN and are checked as a file's are") {
  CHECK(load_environment(world({{"TROUPE_LISTEN", "127.0.0.1:0"}, {"TROUPE_ADMIN", "[::1]:0"}}))
            .config->server.admin == "[::1]:0");
  CHECK_FALSE(load_environment(world({{"TROUPE_LISTEN", "0.0.0.0:8080"}})));
  CHECK_FALSE(load_environment(world({{"TROUPE_LISTEN", "nowhere"}})));
}

TEST_CASE("a missing file and a file beyond the limit are not read") {
  const auto real = real_environment();
  CHECK_FALSE(real.file("/no/such/file", 10));
  CHECK_FALSE(real.file("/", 10));
  CHECK_FALSE(real.file("/dev/zero", 1 << 16));
  CHECK(real.file("/dev/null", 10) == "");
}
