#include "app/cli/verbs.hpp"

#include <sstream>
#include <vector>

#include "app/cli/chat.hpp"
#include "app/cli/client.hpp"
#include "app/cli/mock_verb.hpp"
#include "app/cli/starter.hpp"
#include "config/load.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cli;

namespace {

/// What a command line printed and answered.
struct Ran {
  int code;
  std::string out, err;
};

Ran ran(std::vector<const char*> words) {
  std::ostringstream out, err;
  Context context;
  context.version = "1.2.3";
  context.out = &out;
  context.err = &err;
  CLI::App app{"troupe"};
  register_verbs(app, context);
  words.insert(words.begin(), "troupe");
  const int code = run(app, static_cast<int>(words.size()), words.data(), context);
  return {code, out.str(), err.str()};
}

/// A port that nobody listens on: the one that is reserved for nobody.
constexpr const char* kNobody = "http://127.0.0.1:1";

}  // namespace

TEST_CASE("a wrong command line is code 2, help is code 0") {
  CHECK(ran({}).code == usage);
  CHECK(ran({"nonsense"}).code == usage);
  CHECK(ran({"mock", "--error-rate", "2"}).code == usage);
  CHECK(ran({"requests", "--limit", "0"}).code == usage);
  CHECK(ran({"--help"}).code == done);
  CHECK(ran({"chat", "--help"}).out.find("--stream") != std::string::npos);
}

TEST_CASE("a word that is no verb is named, with the nearest verb") {
  CHECK(ran({"actor"}).err.find("no command \"actor\" (did you mean \"actors\"?)") != std::string::npos);
  CHECK(ran({"config", "shw"}).err.find("no command \"shw\" (did you mean \"show\"?)") != std::string::npos);
  CHECK(ran({"xyzzy"}).err.find("no command \"xyzzy\"; troupe --help") != std::string::npos);
  CHECK(ran({}).err.find("subcommand is required") != std::string::npos);
  CHECK(ran({"chat"}).err.find("prompt is required") != std::string::npos);
}

TEST_CASE("globals may stand before and after the verb") {
  CHECK(ran({"--json", "version"}).out == "{\n  \"version\": \"1.2.3\"\n}\n");
  CHECK(ran({"version", "--json"}).out == ran({"--json", "version"}).out);
  CHECK(ran({"version"}).out == "troupe 1.2.3\n");
}

TEST_CASE("a node that is not there is code 4, with the address and the next step") {
  const auto actors = ran({"actors", "--admin", kNobody});
  CHECK(actors.code == unreachable);
  CHECK(actors.err.find("http://127.0.0.1:1") != std::string::npos);
  CHECK(actors.err.find("troupe serve") != std::string::npos);
  CHECK(ran({"chat", "hi", "-m", "x", "--api", kNobody}).code == unreachable);
  CHECK(ran({"top", "--admin", kNobody}).code == unreachable);
  CHECK(ran({"requests", "show", "req_1", "--admin", kNobody}).code == unreachable);
  CHECK(ran({"config", "reload", "--admin", kNobody}).code == unreachable);
}

TEST_CASE("route explain needs a model, and a body that can be read") {
  CHECK(ran({"route", "explain", "--admin", kNobody}).code == usage);
  CHECK(ran({"route", "explain", "--body", "/nowhere.json"}).code == usage);
}

TEST_CASE("a configuration that cannot be read or is wrong is code 3") {
  CHECK(ran({"check-config", "/nowhere.yaml"}).code == config_invalid);
}

TEST_CASE("init prints a configuration that is valid as it stands") {
  const auto text = ran({"init"}).out;
  config::Environment nothing{[](const std::string&) { return std::nullopt; },
                              [](const std::string&, std::size_t) { return std::nullopt; }};
  const auto loaded = config::load_text(text, "starter", nothing);
  for (const auto& problem : loaded.problems) UNSCOPED_INFO(problem.path << ": " << problem.message);
  CHECK(loaded);
}

TEST_CASE("the schema and the completions are printed") {
  CHECK(ran({"config", "schema"}).out.find("\"$schema\"") != std::string::npos);
  const auto bash = ran({"completion", "bash"}).out;
  CHECK(bash.find("chat) words=\"") != std::string::npos);
  CHECK(bash.find("--stream") != std::string::npos);
  CHECK(ran({"completion", "zsh"}).out.starts_with("#compdef troupe\n"));
  CHECK(ran({"completion", "fish"}).out.find("-a check-config") != std::string::npos);
  CHECK(ran({"completion", "tcsh"}).code == usage);
}

TEST_CASE("addresses are http with host and port; https is refused with a reason") {
  CHECK(parse_url("http://127.0.0.1:9901/")->authority() == "127.0.0.1:9901");
  CHECK(parse_url("localhost:8080")->port == "8080");
  CHECK(parse_url("http://[::1]:80/base/")->path == "/base");
  CHECK(parse_url("http://[::1]:81")->authority() == "[::1]:81");
  CHECK(parse_url("https://x").error().find("plain http") != std::string::npos);
  CHECK_FALSE(parse_url("http://"));
  CHECK_FALSE(parse_url("http://a b"));
}

TEST_CASE("a stream's lines give text, usage, errors and the end") {
  CHECK(read_stream_line(R"(data: {"choices":[{"delta":{"content":"Hi"}}]})").text == "Hi");
  CHECK(read_stream_line(R"(data: {"choices":[],"usage":{"prompt_tokens":3}})").usage["prompt_tokens"] == 3);
  CHECK(read_stream_line(R"(data: {"error":{"message":"gone"}})").error == "gone");
  CHECK(read_stream_line("data: [DONE]").end);
  CHECK(read_stream_line(": comment").text.empty());
  CHECK(read_stream_line("data: 7").text.empty());
}

TEST_CASE("a chat's body has the system prompt first and asks for usage when streamed") {
  ChatOptions options;
  options.prompt = "hi";
  options.system = "be brief";
  options.model = "m";
  options.stream = true;
  const auto body = chat_body(options);
  CHECK(body["messages"][0]["role"] == "system");
  CHECK(body["stream_options"]["include_usage"] == true);
}

TEST_CASE("the mock's options become rules for everyone and for single keys") {
  MockOptions typed;
  typed.ttft = "1s";
  typed.rpm = 9;
  typed.limits = {"poor:2"};
  typed.dead = {"gone", "poor"};
  const auto options = mock_options(typed);
  REQUIRE(options);
  CHECK(options->everyone.rpm == 9);
  CHECK(options->everyone.behaviour.ttft == Duration(std::chrono::seconds(1)));
  CHECK(options->keys.at("poor").rpm == 2);
  CHECK(options->keys.at("poor").dead);
  CHECK(options->keys.at("gone").rpm == 9);
  typed.ttft = "50";
  CHECK_FALSE(mock_options(typed));
  typed.ttft = "50ms";
  typed.limits = {"nocolon"};
  CHECK_FALSE(mock_options(typed));
}
