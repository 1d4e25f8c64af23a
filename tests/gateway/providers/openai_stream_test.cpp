#include "gateway/providers/openai_stream.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;

namespace {

constexpr auto kDone = "data: [DONE]\n\n";

struct Run {
  std::string out;
  std::unique_ptr<OpenAiStream> reader;
};

std::unique_ptr<OpenAiStream> reader(bool usage = false, std::int64_t n = 1) {
  dialects::Request request;
  request.include_usage = usage;
  request.choices = n;
  return std::make_unique<OpenAiStream>(request);
}

Run run(const std::string& text, bool usage = false, std::int64_t n = 1) {
  Run out{{}, reader(usage, n)};
  out.reader->feed(text, out.out);
  out.reader->close(out.out);
  return out;
}

std::string chunk(const std::string& delta, const std::string& rest = R"(,"finish_reason":null)",
                  int index = 0) {
  return R"(data: {"choices":[{"index":)" + std::to_string(index) + R"(,"delta":)" + delta + rest + "}]}\n\n";
}

const std::string kRole = chunk(R"({"role":"assistant","content":""})");
const std::string kHi = chunk(R"({"content":"Hi"})");
const std::string kStop = chunk("{}", R"(,"finish_reason":"stop")");
const std::string kUsage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";

}  // namespace

TEST_CASE("frames pass byte for byte") {
  const auto text = kRole + kHi + kStop + kUsage + kDone;
  const auto got = run(text, true);
  CHECK(got.out == text);
  CHECK(got.reader->ended);
  CHECK_FALSE(got.reader->failure);
  CHECK(got.reader->output_bytes == 2);
  CHECK(got.reader->usage->input.count == 3);
}

TEST_CASE("the usage chunk is withheld from a caller who did not ask for it") {
  const auto got = run(kRole + kHi + kStop + kUsage + kDone, false);
  CHECK(got.out == kRole + kHi + kStop + kDone);
  CHECK(got.reader->usage->output.count == 2);
  const std::string riding =
      "data: "
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3}}"
      "\n\n";
  CHECK(run(kHi + riding + kDone, false).out == kHi + riding + kDone);
  const std::string filter = "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n";
  CHECK(run(filter + kHi + kStop + kDone, false).out == filter + kHi + kStop + kDone);
}

TEST_CASE("content has not started before something is said") {
  auto r = reader();
  std::string out;
  r->feed("data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n" + kRole +
              chunk(R"({"content":null,"tool_calls":[]})"),
          out);
  CHECK_FALSE(r->content_started);
  CHECK_FALSE(out.empty());
  for (const auto* delta : {R"({"content":"x"})", R"({"reasoning_content":"x"})", R"({"reasoning":"x"})",
                            R"({"refusal":"no"})", R"({"tool_calls":[{"index":0,"id":"a"}]})",
                            R"({"content":[{"type":"text","text":"x"}]})", R"({"reasoning_details":[{}]})"}) {
    auto fresh = reader();
    fresh->feed(chunk(delta), out);
    INFO(delta);
    CHECK(fresh->content_started);
  }
  auto finish = reader();
  finish->feed(kStop, out);
  CHECK(finish->content_started);
}

TEST_CASE("comments and carriage returns stay behind") {
  const std::string crlf = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\r\n\r\n";
  const auto got =
      run(": OPENROUTER PROCESSING\n\n" + crlf + ": keep-alive\n" + kStop + "data: [DONE]\r\n\r\n");
  CHECK(got.out == "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n" + kStop + kDone);
  CHECK(got.reader->ended);
}

TEST_CASE("a stream that is cut does not end cleanly") {
  for (const auto& text :
       {std::string(), kRole, kRole + kHi, kRole + kHi + "data: {\"choi", kRole + kHi + "data: [DON"}) {
    const auto got = run(text);
    INFO(text);
    REQUIRE(got.reader->failure);
    CHECK(got.reader->failure->fault == Fault::provider_stream_cut);
    CHECK_FALSE(got.reader->ended);
    CHECK(got.out.find("[DONE]") == std::string::npos);
  }
}

TEST_CASE("a provider that closes after every finish reason has ended, and we say so") {
  CHECK(run(kHi + kStop + kUsage).out == kHi + kStop + kDone);
  CHECK(run(kHi + kStop).reader->ended);
  CHECK(run(kHi + kStop.substr(0, kStop.size() - 2)).reader->ended);
  const auto half = run(kHi + chunk(R"({"content":"a"})", R"(,"finish_reason":null)", 1) + kStop, false, 2);
  CHECK(half.reader->failure->fault == Fault::provider_stream_cut);
  const auto both = run(kHi + kStop + chunk("{}", R"(,"finish_reason":"stop")", 1), false, 2);
  CHECK(both.reader->ended);
}

TEST_CASE("[DONE] is believed even without its blank line, and nothing follows it") {
  CHECK(run(kHi + kStop + "data: [DONE]").reader->ended);
  const auto got = run(kHi + kStop + kDone + kHi);
  CHECK(got.out == kHi + kStop + kDone);
}

TEST_CASE("errors inside the stream are failures, and nothing is relayed after them") {
  struct Row {
    std::string frame;
    Fault fault;
  };
  const Row rows[] = {
      {"data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}\n\n",
       Fault::provider_stream_error},
      {"event: error\ndata: "
       "{\"error\":{\"message\":\"tool\",\"type\":\"invalid_request_error\",\"status_code\":400}}\n\n",
       Fault::provider_bad_request},
      {"data: "
       "{\"id\":\"x\",\"error\":{\"code\":429,\"message\":\"slow\"},\"choices\":[{\"index\":0,\"delta\":{"
       "\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
       Fault::provider_rate_limited_requests},
      {"data: {nonsense}\n\n", Fault::provider_stream_malformed},
      {"data: [1]\n\n", Fault::provider_stream_malformed},
      {"data: {\"choices\":\"\xff\"}\n\n", Fault::provider_stream_malformed},
  };
  for (const auto& row : rows) {
    const auto got = run(kRole + kHi + row.frame + kHi + kDone);
    INFO(row.frame);
    REQUIRE(got.reader->failure);
    CHECK(name(got.reader->failure->fault) == name(row.fault));
    CHECK(got.out == kRole + kHi);
    CHECK_FALSE(got.reader->ended);
  }
  CHECK_FALSE(run("data: {\"error\":null,\"choices\":[]}\n\n" + kStop + kDone).reader->failure);
}

TEST_CASE("cumulative usage in every chunk is taken, not summed") {
  const auto with = [](int n) {
    return "data: "
           "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":5,"
           "\"completion_tokens\":" +
           std::to_string(n) + "}}\n\n";
  };
  CHECK(run(with(1) + with(2) + with(3) + kStop + kDone).reader->usage->output.count == 3);
}

TEST_CASE("an endless frame is malformed") {
  auto r = reader();
  std::string out;
  r->feed("data: ", out);
  for (int i = 0; i < 6 && !r->failure; ++i) r->feed(std::string(1 << 20, 'x'), out);
  REQUIRE(r->failure);
  CHECK(r->failure->fault == Fault::provider_stream_malformed);
  CHECK(out.empty());
}
