#include "gateway/api/models.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using Json = nlohmann::json;

namespace {

std::shared_ptr<const api::Setup> setup() {
  auto config = std::make_shared<config::Config>();
  config::Provider provider;
  provider.name = "openai";
  config->providers.push_back(provider);
  for (const char* name : {"smart", "cheap"}) {
    config::Model model;
    model.name = name;
    config::Target target;
    target.provider = "openai";
    target.model = "gpt-4o";
    model.targets.push_back(target);
    config->models.push_back(model);
  }
  config::Tenant tenant;
  tenant.name = "team";
  tenant.models = {"cheap"};
  config->tenants.push_back(tenant);
  return api::make_setup(config, config::PriceCatalogue::embedded());
}

}  // namespace

TEST_CASE("the list of models holds the aliases in OpenAI's shape, with prices and context beside") {
  const auto list = Json::parse(api::list_models(*setup(), nullptr));
  CHECK(list["object"] == "list");
  REQUIRE(list["data"].size() == 2);
  CHECK(list["data"][0]["id"] == "smart");
  CHECK(list["data"][0]["object"] == "model");
  const auto target = list["data"][0]["troupe"]["targets"][0];
  CHECK(target["use"] == "openai/gpt-4o");
  CHECK(target["input_usd_per_million"].get<double>() > 0);
  CHECK(target["context_window"].get<int>() > 1000);
}

TEST_CASE("Anthropic's clients get the list in their shape, with our facts beside") {
  const auto list = Json::parse(api::list_models(*setup(), nullptr, api::ModelShape::anthropic));
  CHECK_FALSE(list.contains("object"));
  CHECK(list["has_more"] == false);
  CHECK(list["first_id"] == "smart");
  CHECK(list["last_id"] == "cheap");
  CHECK(list["data"][0]["type"] == "model");
  CHECK(list["data"][0]["display_name"] == "smart");
  CHECK(list["data"][0]["created_at"] == "1970-01-01T00:00:00Z");
  CHECK(list["data"][0]["troupe"]["targets"].size() == 1);
  CHECK(Json::parse(api::show_model(*setup(), nullptr, "cheap", api::ModelShape::anthropic))["id"] ==
        "cheap");
  const auto none = std::make_shared<config::Config>();
  const auto empty = api::make_setup(none, config::PriceCatalogue::embedded());
  CHECK(Json::parse(api::list_models(*empty, nullptr, api::ModelShape::anthropic))["first_id"].is_null());
}

TEST_CASE("a tenant sees the models of its policy and no others") {
  const auto s = setup();
  const auto* tenant = s->tenant("team");
  CHECK(Json::parse(api::list_models(*s, tenant))["data"].size() == 1);
  CHECK(api::show_model(*s, tenant, "smart").empty());
  CHECK_FALSE(api::show_model(*s, tenant, "cheap").empty());
  CHECK(api::show_model(*s, nullptr, "nothing").empty());
}

TEST_CASE("an alias can do what one of its targets can, and null is what nobody knows") {
  auto config = std::make_shared<config::Config>(*setup()->config);
  config::Target own;
  own.provider = "openai";
  own.model = "unheard-of";
  own.can = {"reasoning"};
  own.cannot = {"tools"};
  own.max_output = 1'000'000;
  config->models[0].targets.push_back(own);
  config->models[1].targets = {own};
  const auto s = api::make_setup(config, config::PriceCatalogue::embedded());
  const auto both = Json::parse(api::show_model(*s, nullptr, "smart"))["troupe"];
  CHECK(both["capabilities"]["vision"] == true);
  CHECK(both["capabilities"]["tools"] == true);
  CHECK(both["capabilities"]["reasoning"] == true);
  CHECK(both["context_window"] == both["targets"][0]["context_window"]);
  CHECK(both["max_output"] == 1'000'000);
  const auto alone = Json::parse(api::show_model(*s, nullptr, "cheap"))["troupe"];
  CHECK(alone["capabilities"]["tools"] == false);
  CHECK(alone["capabilities"]["vision"].is_null());
  CHECK(alone["context_window"].is_null());
  CHECK(alone["targets"][0]["input_usd_per_million"].is_null());
}
