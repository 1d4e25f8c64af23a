#include "gateway/mock/call.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "gateway/mock/play.hpp"

namespace troupe::mock {
namespace asio = boost::asio;

namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = !text.empty() && error == std::errc{} && end == text.data() + text.size() && value >= 0;
  return good ? std::optional(value) : std::nullopt;
}

Duration millis(double count) {
  return Duration(static_cast<Duration::rep>(count * 1e6));
}

void follow(Plan& plan, std::string_view wish) {
  if (wish == "slow") return slow_down(plan);
  const auto wished = wish_of(wish);
  if (!wished) return;
  plan.act = wished->act;
  plan.status = wished->status;
}

void follow_headers(Plan& plan, const http::Request& request) {
  if (const auto ttft = number(request.header("x-mock-ttft-ms"))) plan.first = millis(*ttft);
  if (const auto tps = number(request.header("x-mock-tps")))
    plan.between = millis(*tps > 0 ? 1000 / *tps : 0);
  if (const auto tokens = number(request.header("x-mock-tokens")))
    plan.tokens = static_cast<std::int64_t>(*tokens);
  if (const auto after = number(request.header("x-mock-after")))
    plan.after = static_cast<std::int64_t>(*after);
  if (const auto wait = number(request.header("x-mock-retry-after-ms"))) plan.retry_after = millis(*wait);
  follow(plan, request.header("x-mock-act"));
}

/// In flight for as long as it lives, also when the client leaves.
class Flight {
 public:
  explicit Flight(Page& page) : page_(page) {
    page_.worst_in_flight = std::max(page_.worst_in_flight, ++page_.in_flight);
  }
  ~Flight() { --page_.in_flight; }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

 private:
  Page& page_;
};

bool fails(Act act) {
  return act == Act::error || act == Act::overloaded || act == Act::rate_limited || act == Act::quota ||
         act == Act::context || act == Act::refused || act == Act::missing;
}

Result<Ask> read(std::string_view body, const Route& to) {
  const auto json = Json::parse(body, nullptr, false);
  if (json.is_discarded())
    return fail(Fault::caller_bad_request,
                "We could not parse the JSON body of your request. The API expects a JSON payload.");
  auto ask = shape(to.dialect).read(json);
  if (!ask) return ask;
  if (!to.model.empty()) ask->model = to.model;
  ask->stream = to.stream.value_or(ask->stream);
  return ask;
}

/// All that is known of a call once it is let in.
struct Call {
  Ask ask;
  Plan plan;
  http::Response head;
  std::string request_id;
};

std::string frames_type(const Ask& ask) {
  return ask.stream ? std::string(shape(ask.dialect).stream_type) : "application/json";
}

/// A whole answer as frames, so that it can be cut, stalled and garbled like a stream.
Frames halves(const std::string& body) {
  const auto middle = body.size() / 2;
  return {"", {body.substr(0, middle), body.substr(middle)}, "", "", ""};
}

asio::awaitable<http::Response> perform(Stage& stage, http::Exchange& exchange, Call call) {
  const auto& write = shape(call.ask.dialect);
  if (fails(call.plan.act)) {
    const auto trouble = trouble_of(call.plan, call.ask.dialect, call.ask.model);
    co_return failed(std::move(call.head), call.ask.dialect, trouble, call.request_id);
  }
  const auto words = answer(call.ask, call.plan.tokens, stage.random, stage.clock.wall());
  call.head.content_type = frames_type(call.ask);
  if (call.ask.stream) {
    auto frames = write.frames(call.ask, words);
    co_await play(exchange, std::move(call.head), std::move(frames), call.plan);
    co_return http::Response{};
  }
  call.head.body = write.whole(call.ask, words);
  call.plan.first += call.plan.between * static_cast<Duration::rep>(words.pieces.size());
  call.plan.between = {};
  if (call.plan.act == Act::answer) {
    co_await pause(call.plan.first);
    co_return std::move(call.head);
  }
  auto frames = halves(call.head.body);
  co_await play(exchange, std::move(call.head), std::move(frames), call.plan);
  co_return http::Response{};
}

}  // namespace

std::string key_of(const http::Request& request) {
  auto bearer = request.header("authorization");
  if (bearer.starts_with("Bearer ") || bearer.starts_with("bearer ")) return std::string(bearer.substr(7));
  if (const auto at = bearer.find("Credential="); at != bearer.npos) {  // AWS: a signature, by this key
    const auto from = bearer.substr(at + 11);
    return std::string(from.substr(0, from.find('/')));
  }
  for (const auto* name : {"x-api-key", "api-key", "x-goog-api-key"}) {
    if (const auto key = request.header(name); !key.empty()) return std::string(key);
  }
  return "(none)";
}

Plan plan_call(const http::Request& request, const std::string& model, const Rules& rules, Random& random) {
  auto out = plan(rules, random);
  follow_headers(out, request);
  if (std::string_view(model).starts_with("mock-")) follow(out, std::string_view(model).substr(5));
  return out;
}

std::optional<Trouble> gate(Page& page, const std::string& key, Time now, std::int64_t tokens) {
  page.calls.add(now, 1);
  ++page.total;
  if (page.rules.dead || key == "invalid")
    return Trouble{401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", "", {}};
  const auto refusal = page.admit(now, tokens);
  if (!refusal) return std::nullopt;
  ++page.refused;
  return Trouble{429,
                 "Rate limit reached for " + refusal->what + " on this key. Please try again later.",
                 refusal->what == "tokens" ? "tokens" : "requests",
                 "rate_limit_exceeded",
                 "",
                 refusal->wait};
}

asio::awaitable<http::Response> serve_chat(Stage& stage, http::Exchange& exchange, Route to) {
  const auto dialect = to.dialect;
  const auto& request = exchange.request();
  const auto key = key_of(request);
  auto& page = stage.book.page(key);
  const auto now = stage.clock.now();
  auto ask = read(request.body, to);
  auto trouble = gate(page, key, now, ask ? ask->input_tokens : 0);
  if (!trouble && !ask) trouble = trouble_of(ask.error());
  Call call;
  call.request_id = make_id("req_", 24, stage.random);
  call.head = head(dialect, call.request_id, page, now, stage.clock.wall());
  if (trouble) {
    ++page.statuses[trouble->status];
    co_return failed(std::move(call.head), dialect, *trouble, call.request_id);
  }
  call.plan = plan_call(request, ask->model, page.rules, stage.random);
  call.ask = std::move(*ask);
  ++page.models[call.ask.model];
  const Flight flight(page);
  auto response = co_await perform(stage, exchange, std::move(call));
  ++page.statuses[response.status];
  co_return response;
}

}  // namespace troupe::mock
