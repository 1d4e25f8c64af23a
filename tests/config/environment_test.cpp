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

TEST_CASE("each cloud's credentials bring its provider, and no alias goes there by itself") {
  const auto result = load_environment(world({{"AZURE_OPENAI_API_KEY", "k"},
                                              {"AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com"},
                                              {"AWS_ACCESS_KEY_ID", "AKIA"},
                                              {"AWS_DEFAULT_REGION", "eu-west-1"},
                                              {"GOOGLE_APPLICATION_CREDENTIALS", "/sa.json"},
                                              {"GOOGLE_CLOUD_PROJECT", "p-1"}}));
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto& providers = result.config->providers;
  REQUIRE(providers.size() == 4);
  CHECK(providers[0].base_url == "https://r.openai.azure.com");
  CHECK(providers[1].region == "eu-west-1");
  CHECK(providers[1].keys[0].secret.empty());
  CHECK(providers[2].project == "p-1");
  CHECK(result.config->models[0].targets.size() == 1);
  const auto token =
      load_environment(world({{"AWS_BEARER_TOKEN_BEDROCK", "b"}, {"AWS_REGION", "us-east-1"}}));
  CHECK(token.config->providers[0].keys[0].secret.reveal() == "b");
  // AWS credentials without a region say nothing of Bedrock.
  CHECK(load_environment(world({{"AWS_ACCESS_KEY_ID", "AKIA"}})).config->providers.size() == 1);
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
