#include "gateway/admin/admin.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

std::string_view header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

TEST_CASE("a change asked for by GET is 405 and says what is allowed") {
  Port port;
  const auto response = port.serve(get("/drain"));
  CHECK(response.status == 405);
  CHECK(header(response, "allow") == "POST");
  CHECK(port.serve(post("/keys")).status == 405);
}

TEST_CASE("an unknown path is 404") {
  Port port;
  CHECK(port.serve(get("/nothing")).status == 404);
  CHECK(port.serve(get("/actors/1/2")).status == 404);
  CHECK(port.serve(get("/web/../secret")).status == 404);
}

TEST_CASE("without the token nothing is told, not even which paths exist") {
  Port port;
  port.config->server.admin_token = config::Secret("t0ken");
  const auto known = port.serve(get("/keys")), unknown = port.serve(get("/nothing")),
             wrong = port.serve(get("/drain"));
  CHECK(known.status == 401);
  CHECK(known.body == unknown.body);
  CHECK(known.body == wrong.body);
  CHECK(unknown.status == 401);
  CHECK(wrong.status == 401);
  CHECK(port.company.inspections == 0);
}

TEST_CASE("health is open, its checks are not") {
  Port port;
  port.config->server.admin_token = config::Secret("t0ken");
  port.context.ready = [] {
    return nlohmann::json{{"ok", false}, {"checks", {{{"name", "listener"}, {"ok", false}}}}};
  };
  CHECK(port.serve(get("/livez")).status == 200);
  const auto closed = port.serve(get("/readyz"));
  CHECK(closed.status == 503);
  CHECK_FALSE(has(closed.body, "listener"));
  auto request = get("/readyz");
  request.headers.emplace_back("authorization", "Bearer t0ken");
  CHECK(has(port.serve(request).body, "listener"));
}

TEST_CASE("keys are listed in the agreed shape") {
  Port port;
  const auto key = port.json(get("/keys"))["keys"][0];
  CHECK(key["id"] == "openai/primary");
  CHECK(key["provider"] == "openai");
  CHECK(key["name"] == "primary");
  CHECK(key["state"] == "closed");
  CHECK(key["in_flight"] == 3);
  CHECK(key["windows"][0] == nlohmann::json{{"name", "rpm"},
                                            {"limit", 100},
                                            {"used", 25},
                                            {"used_here", 9},
                                            {"share", 40},
                                            {"resets_s", 12.5},
                                            {"shared", true},
                                            {"age_s", 0.25}});
  CHECK(key["last_fault"] == "provider_overloaded");
}

TEST_CASE("a node on its own says so when asked for its cluster") {
  Port port;
  CHECK(port.json(get("/cluster"))["standalone"] == true);
  CHECK(has(port.serve(get("/cluster/shares")).body, "cluster"));
  port.context.cluster = [] { return nlohmann::json{{"node", "node-1"}, {"members", {1, 2}}}; };
  CHECK(port.json(get("/cluster"))["members"].size() == 2);
}

TEST_CASE("actors can be narrowed, sorted and looked into") {
  Port port;
  actors::ActorInfo router;
  router.id = 9;
  router.type = "router";
  router.name = "router-0";
  router.mailbox = 50;
  port.company.actors.push_back(router);
  CHECK(port.json(get("/actors"))["actors"][0]["type"] == "key");
  CHECK(port.json(get("/actors", "sort=mailbox"))["actors"][0]["type"] == "router");
  CHECK(port.json(get("/actors", "type=router"))["actors"].size() == 1);
  CHECK(port.json(get("/actors/7"))["detail"]["in_flight"] == 3);
  CHECK(port.serve(get("/actors/8")).status == 404);
}

TEST_CASE("models, providers, tenants and limits come from the configuration in force") {
  Port port;
  CHECK(port.json(get("/models"))["models"][0]["targets"][0]["use"] == "openai/gpt-4o");
  CHECK(port.json(get("/providers"))["providers"][0]["usable"] == 1);
  CHECK(port.json(get("/tenants"))["tenants"][0]["limits"]["rpm"] == 600);
  const auto limits = port.json(get("/limits"))["limits"];
  CHECK(limits[0]["used"] == 25);
  CHECK(limits[0]["share"] == 40);
  CHECK(limits[0]["age_s"] == 0.25);
  CHECK(limits[1]["scope"] == "tenant");
  CHECK(limits[1]["used"].is_null());
}

TEST_CASE("what a tenant has used of its limits is what its actor says") {
  Port port;
  actors::ActorInfo tenant;
  tenant.type = "tenant";
  tenant.name = "search-team";
  tenant.detail = {{"windows", {{{"name", "rpm"}, {"limit", 600}, {"used", 41}, {"resets_s", 7.5}}}}};
  port.company.actors.push_back(tenant);
  const auto row = port.json(get("/limits"))["limits"][1];
  CHECK(row["id"] == "search-team");
  CHECK(row["limit"] == 600);
  CHECK(row["used"] == 41);
  CHECK(row["used_here"] == 41);
  CHECK(row["shared"] == false);
  CHECK(row["age_s"].is_null());
  CHECK(row["resets_s"] == 7.5);
}

TEST_CASE("no list shows a secret") {
  Port port;
  port.telemetry.observer(0).request_finished(served("r1"));
  for (const auto* path : {"/keys", "/providers", "/models", "/tenants", "/limits", "/actors", "/actors/7",
                           "/overview", "/metrics", "/requests", "/requests/r1", "/costs", "/version"})
    for (const auto* format : {"", "format=text"}) {
      const auto body = port.serve(get(path, format)).body;
      CHECK_FALSE(has(body, "sk-very-secret"));
      CHECK_FALSE(has(body, "hunter2"));
      CHECK_FALSE(has(body, "00112233"));
    }
}

TEST_CASE("text is a table") {
  Port port;
  const auto response = port.serve(get("/keys", "format=text"));
  CHECK(response.content_type == "text/plain; charset=utf-8");
  CHECK(has(response.body, "openai/primary"));
  CHECK(has(response.body, "rpm 25/100"));
}

TEST_CASE("recent requests are listed and one is told in full") {
  Port port;
  auto record = served("r1", "smart");
  record.model = "openai/gpt-4o";
  port.telemetry.observer(0).request_finished(record);
  port.telemetry.observer(0).request_finished(failed("r2", Fault::policy_rate_limited));
  CHECK(port.json(get("/requests"))["requests"].size() == 2);
  CHECK(port.json(get("/requests", "model=openai%2Fgpt-4o"))["requests"][0]["id"] == "r1");
  CHECK(port.json(get("/requests", "status=4xx&limit=1"))["requests"][0]["id"] == "r2");
  CHECK(port.serve(get("/requests", "limit=many")).status == 400);
  CHECK(port.json(get("/requests/r1"))["timeline"].size() >= 3);
  CHECK(port.serve(get("/requests/r9")).status == 404);
}

TEST_CASE("costs are exact and unknown ones are counted apart") {
  Port port;
  auto& observer = port.telemetry.observer(0);
  observer.request_finished(served("r1"));
  observer.request_finished(served("r2"));
  auto record = served("r3");
  record.cost.reset();
  observer.request_finished(record);
  const auto costs = port.json(get("/costs", "by=tenant"));
  CHECK(costs["costs"][0]["name"] == "search-team");
  CHECK(costs["costs"][0]["cost_usd"] == "0.000002469134");
  CHECK(costs["costs"][0]["micro_usd"] == 3);
  CHECK(costs["costs"][0]["unknown"] == 1);
  CHECK(costs["total"]["requests"] == 3);
  CHECK(port.serve(get("/costs", "by=moon")).status == 400);
}

TEST_CASE("where no price was known the cost is null, not zero") {
  Port port;
  auto record = served("r1");
  record.cost.reset();
  port.telemetry.observer(0).request_finished(record);
  CHECK(port.json(get("/costs"))["total"]["cost_usd"].is_null());
  CHECK(port.json(get("/overview"))["cost_usd"].is_null());
}

TEST_CASE("a route can be explained from facts and from a chat body") {
  Port port;
  CHECK(port.json(post("/routes/explain", R"({"model":"smart","input_tokens":12})"))["input"] == 12);
  const auto chat =
      port.json(post("/routes/explain", R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})"));
  CHECK(chat["model"] == "smart");
  const auto refused = port.serve(post("/routes/explain", R"({"model":"smart","colour":"red"})"));
  CHECK(refused.status == 400);
  CHECK(has(refused.body, "colour"));
  CHECK(port.serve(post("/routes/explain", "[]")).status == 400);
  CHECK(port.serve(post("/routes/explain", R"({"input_tokens":12})")).status == 400);
  CHECK(port.serve(post("/routes/explain", R"({"model":"smart","input_tokens":-1})")).status == 400);
}

TEST_CASE("configuration and draining go to the callbacks") {
  Port port;
  CHECK(port.serve(post("/config/reload")).status == 501);
  bool draining = false;
  port.context.drain = [&](bool on) {
    draining = on;
    return nlohmann::json{{"state", on ? "draining" : "serving"}};
  };
  port.context.reload = [] { return nlohmann::json{{"ok", false}, {"problems", {"line 3"}}}; };
  port.context.validate = [](std::string_view text) { return nlohmann::json{{"ok", text == "version: 1"}}; };
  CHECK(port.serve(post("/config/reload")).status == 400);
  CHECK(port.serve(post("/config/validate", "version: 1")).status == 200);
  CHECK(port.serve(post("/drain")).status == 200);
  CHECK(draining);
  CHECK(port.serve(post("/undrain")).status == 200);
  CHECK_FALSE(draining);
}

TEST_CASE("events stream until the client leaves") {
  Port port;
  FakeExchange exchange(get("/events"));
  exchange.patience = 3;
  port.serve(exchange);
  CHECK(exchange.started.content_type == "text/event-stream");
  REQUIRE(exchange.pieces.size() == 3);
  CHECK(has(exchange.pieces[0], "event: tick\ndata: {\"node\":\"node-1\""));
  CHECK(port.company.inspections == 1);  // viewers and ticks share an inspection
}

TEST_CASE("too many viewers are turned away") {
  Port port;
  port.context.event_clients = 0;
  CHECK(port.serve(get("/events")).status == 503);
}

TEST_CASE("the description has every endpoint") {
  Port port;
  const auto document = port.json(get("/openapi.json"));
  CHECK(document["openapi"] == "3.1.0");
  CHECK(document["paths"]["/drain"].contains("post"));
  CHECK(document["paths"]["/requests/{id}"]["get"]["parameters"][0]["name"] == "id");
}

}  // namespace
}  // namespace troupe::admin
