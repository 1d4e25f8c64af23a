#include "gateway/api/chat.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

namespace troupe::api::testing {
namespace {

using config::RequestClass;

std::shared_ptr<config::Config> with_team(RequestClass highest) {
  return team_config([highest](config::Tenant& tenant) {
    tenant.priority = highest;
    tenant.weight = 3;
  });
}

std::string chat_of(const std::string& header, const std::string& more = {}) {
  return with_head(chat_as("tk", more), header);
}

/// What the router was told of the request.
actors::RequestFacts told(std::shared_ptr<config::Config> config, const std::string& text) {
  Stage stage(std::move(config));
  auto client = stage.client();
  client.send(text);
  stage.run();
  REQUIRE(stage.desk.asked.size() == 1);
  return *stage.desk.asked.front().facts;
}

}  // namespace

TEST_CASE("a request is of the class that it asks for, and default when it asks for none") {
  const auto all = with_team(RequestClass::interactive);
  CHECK(told(all, chat_of("")).priority == RequestClass::standard);
  CHECK(told(all, chat_of("x-troupe-class: interactive\r\n")).priority == RequestClass::interactive);
  CHECK(told(all, chat_of("x-troupe-class: batch\r\n")).priority == RequestClass::batch);
  CHECK(told(all, chat_of("")).weight == 3);
}

TEST_CASE("a request is never of a higher class than its tenant and its key may have") {
  const auto batch = with_team(RequestClass::batch);
  CHECK(told(batch, chat_of("x-troupe-class: interactive\r\n")).priority == RequestClass::batch);
  CHECK(told(batch, chat_of("")).priority == RequestClass::batch);
  const auto key = with_team(RequestClass::interactive);
  key->tenants.back().keys.front().priority = RequestClass::batch;
  CHECK(told(key, chat_of("x-troupe-class: interactive\r\n")).priority == RequestClass::batch);
}

TEST_CASE("a class that does not exist is refused with the header's name") {
  Stage stage(with_team(RequestClass::interactive));
  auto client = stage.client();
  client.send(chat_of("x-troupe-class: urgent\r\n"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 400"));
  CHECK(has(client.read(), R"("param":"x-troupe-class")"));
  CHECK(stage.desk.asked.empty());
}

TEST_CASE("the end user is who the body names, by its old name or its new one") {
  const auto all = with_team(RequestClass::interactive);
  CHECK(told(all, chat_of("", R"(,"user":"ann")")).user == "ann");
  CHECK(told(all, chat_of("", R"(,"safety_identifier":"bob")")).user == "bob");
  CHECK(told(all, chat_of("", R"(,"safety_identifier":"bob","user":"ann")")).user == "ann");
  CHECK(told(all, chat_of("", R"(,"user":"ann","safety_identifier":"bob")")).user == "ann");
  CHECK(told(all, chat_of("")).user.empty());
}

TEST_CASE("who sticks to an endpoint is worked out for aliases that stick, and their fallbacks") {
  const auto plain = with_team(RequestClass::interactive);
  CHECK(told(plain, chat_of("")).sticky == 0);
  const auto sticky = with_team(RequestClass::interactive);
  sticky->models[0].strategy = config::Strategy::sticky;
  sticky->models[0].sticky_by = config::StickyBy::user;
  const auto ann = told(sticky, chat_of("", R"(,"user":"ann")")).sticky;
  CHECK(ann != 0);
  CHECK(ann != told(sticky, chat_of("", R"(,"user":"bob")")).sticky);
  auto second = sticky->models[0];
  second.name = "second";
  sticky->models[0].strategy = config::Strategy::headroom;
  sticky->models[0].fallbacks = {"second"};
  sticky->models.push_back(second);
  CHECK(told(sticky, chat_of("", R"(,"user":"ann")")).sticky == ann);
}

}  // namespace troupe::api::testing
