#include "app/cluster_reload.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "app/problems_json.hpp"
#include "cluster/engine/fingerprint.hpp"
#include "core/log.hpp"

namespace troupe::app {
namespace {

using Json = nlohmann::json;
constexpr const char* kSaysNothing = "no answer in time";

std::uint64_t number(const Json& asked) {
  const auto text = asked.value("configuration", std::string());
  return std::strtoull(text.c_str(), nullptr, 16);
}

/// Who did not say ok, and why.
std::string why_not(const errands::Answer& answer) {
  if (answer.status == 0) return kSaysNothing;
  const auto said = Json::parse(answer.text, nullptr, false);
  if (answer.status != 200 || !said.is_object())
    return "answered with status " + std::to_string(answer.status);
  return said.value("ok", false) ? std::string() : said.value("why", std::string("refused"));
}

Json list_of(const std::vector<std::pair<std::string, std::string>>& refused) {
  auto rows = Json::array();
  for (const auto& [node, why] : refused) rows.push_back({{"node", node}, {"why", why}});
  return rows;
}

Json refusal(const Json& problems, const std::vector<std::pair<std::string, std::string>>& refused) {
  return {
      {"ok", false}, {"problems", problems}, {"refused", list_of(refused)}, {"unconfirmed", Json::array()}};
}

}  // namespace

void ClusterReload::start(Done done) {
  if (busy_) return done(refusal(Json::array(), {{state_.node, "a reload of the cluster is under way"}}));
  const auto loaded = state_.load_whole();
  if (!loaded) return done(refusal(problems_json(loaded.problems), {{state_.node, "its file is not valid"}}));
  busy_ = true;
  const auto configuration = engine_.fingerprint(*loaded.config);
  auto nodes = engine_.others();
  log::info("cluster_reload").text("configuration", cluster::fingerprint_text(configuration));
  ask("prepare", configuration, nodes,
      [this, config = loaded.config, configuration, nodes, done = std::move(done)](Refusals refused) {
        decide(config, configuration, nodes, refused, done);
      });
}

void ClusterReload::ask(const char* step, std::uint64_t configuration, std::vector<std::string> nodes,
                        Then then) {
  const Json text{{"step", step}, {"configuration", cluster::fingerprint_text(configuration)}};
  auto answered = [&io = io_, then = std::move(then)](std::vector<errands::Answer> answers) {
    boost::asio::post(io, [then, answers = std::move(answers)] {
      Refusals refused;
      for (const auto& answer : answers)
        if (auto why = why_not(answer); !why.empty()) refused.emplace_back(answer.node, std::move(why));
      then(std::move(refused));
    });
  };
  engine_.ask(std::move(nodes), "config", text.dump(), kPatience, std::move(answered));
}

void ClusterReload::decide(std::shared_ptr<const config::Config> config, std::uint64_t configuration,
                           const std::vector<std::string>& nodes, const Refusals& refused, const Done& done) {
  busy_ = false;
  if (!refused.empty()) {
    for (const auto& [node, why] : refused) log::warn("reload_refused").text("node", node).text("why", why);
    ask("abort", configuration, nodes, [](const Refusals&) {});
    return done(refusal(Json::array(), refused));
  }
  state_.take(std::move(config));
  ask("commit", configuration, nodes, [this, configuration, done](const Refusals& unconfirmed) {
    for (const auto& [node, why] : unconfirmed)
      log::warn("reload_unconfirmed").text("node", node).text("why", why);
    done({{"ok", unconfirmed.empty()},
          {"revision", state_.revision.load()},
          {"configuration", cluster::fingerprint_text(configuration)},
          {"problems", Json::array()},
          {"refused", Json::array()},
          {"unconfirmed", list_of(unconfirmed)}});
  });
}

void ClusterReload::asked(const std::string& text, const cluster::Engine::Reply& reply) {
  const auto asked = Json::parse(text, nullptr, false);
  const auto step = asked.is_object() ? asked.value("step", std::string()) : std::string();
  std::string why = "unknown step";
  if (step == "prepare") why = prepare(number(asked));
  if (step == "commit") why = commit(number(asked));
  if (step == "abort") {
    ready_.reset();
    why.clear();
  }
  reply(200, Json{{"ok", why.empty()}, {"why", why}}.dump());
}

std::string ClusterReload::prepare(std::uint64_t configuration) {
  const auto loaded = state_.load_whole();
  if (!loaded) {
    const auto& first = loaded.problems.front();
    return "its file is not valid, line " + std::to_string(first.line) + ": " + first.message;
  }
  const auto own = engine_.fingerprint(*loaded.config);
  if (own != configuration)
    return "its file says something else: configuration " + cluster::fingerprint_text(own);
  ready_ = Ready{loaded.config, configuration, clock_.now() + kKeeps};
  return {};
}

std::string ClusterReload::commit(std::uint64_t configuration) {
  if (ready_ && ready_->configuration == configuration) {
    state_.take(std::exchange(ready_, {})->config);
    return {};
  }
  return engine_.fingerprint(*state_.config_now()) == configuration ? "" : "it was not ready any more";
}

void ClusterReload::tick() {
  if (!ready_) return;
  if (engine_.in_force(ready_->configuration)) return void(commit(ready_->configuration));
  if (clock_.now() >= ready_->until) ready_.reset();
}

}  // namespace troupe::app
