#include "gateway/mock/mock.hpp"

#include "gateway/http/server.hpp"
#include "gateway/mock/call.hpp"
#include "gateway/mock/embedding.hpp"

namespace troupe::mock {
namespace asio = boost::asio;

namespace {

constexpr const char* kModels[] = {"mock-small", "mock-large", "mock-embedding"};

http::Response json_answer(const Json& json) {
  http::Response out;
  out.body = dump(json);
  return out;
}

Json model_card(const std::string& id) {
  return {{"id", id}, {"object", "model"}, {"created", 1735689600}, {"owned_by", "mock"}};
}

http::Response models() {
  Json data = Json::array();
  for (const char* id : kModels) data.push_back(model_card(id));
  return json_answer({{"object", "list"}, {"data", std::move(data)}});
}

http::Response trouble_answer(const Trouble& trouble, Dialect dialect) {
  return failed({}, dialect, trouble, "req_mock");
}

http::Response not_found(const http::Request& request) {
  return trouble_answer({404,
                         "Unknown request URL: " + request.method + " " + request.path + ".",
                         "invalid_request_error",
                         "unknown_url",
                         "",
                         {}},
                        Dialect::openai);
}

http::Response count(const http::Request& request) {
  const auto json = Json::parse(request.body, nullptr, false);
  const auto ask = read_anthropic(json, true);
  if (!ask) return trouble_answer(trouble_of(ask.error()), Dialect::anthropic);
  return json_answer({{"input_tokens", ask->input_tokens}});
}

http::Response embed(Stage& stage, const http::Request& request) {
  const auto key = key_of(request);
  if (const auto trouble = gate(stage.book.page(key), key, stage.clock.now(), 0))
    return trouble_answer(*trouble, Dialect::openai);
  const auto out = embeddings(Json::parse(request.body, nullptr, false));
  return out ? json_answer(*out) : trouble_answer(trouble_of(out.error()), Dialect::openai);
}

http::Response change(Stage& stage, const http::Request& request) {
  const auto json = Json::parse(request.body, nullptr, false);
  if (!json.is_object())
    return trouble_answer({400, "A JSON object is expected.", "invalid_request_error", "", "", {}},
                          Dialect::openai);
  const auto out = stage.book.change(json);
  return out ? json_answer(*out) : trouble_answer(trouble_of(out.error()), Dialect::openai);
}

http::Response control(Stage& stage, const http::Request& request) {
  const bool post = request.method == "POST";
  if (request.path == "/mock/stats") return json_answer(stage.book.stats(stage.clock.now()));
  if (request.path == "/mock/seen") return json_answer(stage.book.seen(stage.clock.now()));
  if (request.path == "/mock/behaviour")
    return post ? change(stage, request) : json_answer(to_json(stage.book.everyone()));
  if (request.path != "/mock/reset" || !post) return not_found(request);
  stage.book.reset();
  return json_answer(Json::object());
}

asio::awaitable<http::Response> post(Stage& stage, http::Exchange& exchange) {
  const auto& request = exchange.request();
  if (auto to = route(request.path)) {
    auto out = co_await serve_chat(stage, exchange, std::move(*to));
    co_return out;
  }
  if (request.path == "/v1/messages/count_tokens") co_return count(request);
  if (request.path == "/v1/embeddings") co_return embed(stage, request);
  co_return not_found(request);
}

http::Response get(const http::Request& request) {
  static constexpr std::string_view kOne = "/v1/models/";
  if (request.path == "/v1/models") return models();
  if (request.path.starts_with(kOne)) return json_answer(model_card(request.path.substr(kOne.size())));
  if (request.path != "/livez" && request.path != "/readyz") return not_found(request);
  http::Response out;
  out.content_type = "text/plain";
  out.body = "ok\n";
  return out;
}

asio::awaitable<http::Response> serve(std::shared_ptr<Stage> stage, http::Exchange& exchange) {
  const auto& request = exchange.request();
  if (request.path.starts_with("/mock/")) co_return control(*stage, request);
  if (request.method != "POST") co_return get(request);
  auto out = co_await post(*stage, exchange);
  co_return out;
}

class MockServer final : public Server {
 public:
  explicit MockServer(std::unique_ptr<http::Server> server) : server_(std::move(server)) {}
  std::uint16_t port() const override { return server_->port(); }
  void stop() override { server_->stop(); }

 private:
  std::unique_ptr<http::Server> server_;
};

}  // namespace

http::Handler handler(Options options, const Clock& clock) {
  auto stage = std::make_shared<Stage>(Stage{Book(options.everyone), Random(options.seed), clock});
  for (const auto& [key, rules] : options.keys) stage->book.page(key).rules = rules;
  return [stage](http::Exchange& exchange) { return serve(stage, exchange); };
}

http::Handler handler(config::MockBehaviour behaviour, std::uint64_t seed, const Clock& clock) {
  Options options;
  options.everyone.behaviour = behaviour;
  options.seed = seed;
  return handler(std::move(options), clock);
}

Result<std::unique_ptr<Server>> Server::start(asio::io_context& io, const std::string& listen,
                                              Options options, const Clock& clock) {
  http::ServerOptions server;
  server.listen = listen;
  auto started = http::Server::start(io, server, handler(std::move(options), clock));
  if (!started) return tl::unexpected(started.error());
  return std::make_unique<MockServer>(std::move(*started));
}

}  // namespace troupe::mock
