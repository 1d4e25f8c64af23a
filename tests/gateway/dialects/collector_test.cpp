#include "gateway/dialects/collector.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Reply sample() {
  Reply reply;
  reply.id = "x1";
  reply.model = "m";
  reply.created = 7;
  Reasoning thought;
  thought.text = "hm";
  thought.signature = "sig";
  thought.origin = Dialect::anthropic;
  Text said;
  said.text = "Hello";
  said.citations.push_back({"https://a.example", "A", "Hel", 0, 3, Dialect::chat, nullptr});
  ToolCall call;
  call.id = "c1";
  call.name = "look";
  call.arguments = R"({"a":1})";
  reply.parts = {{thought}, {said}, {call}, {Opaque{Dialect::anthropic, {{"type", "new"}}}}};
  reply.finish = Finish::tools;
  reply.usage = Usage{};
  return reply;
}

}  // namespace

TEST_CASE("an answer that is played and collected is the same answer") {
  Collector collector;
  play(sample(), collector);
  CHECK(collector.whole());
  CHECK(collector.reply() == sample());
}

TEST_CASE("pieces of one kind are one part") {
  Collector collector;
  collector.text("a");
  collector.text("b");
  collector.reasoning("r");
  collector.text("c");
  REQUIRE(collector.reply().parts.size() == 3);
  CHECK(std::get<Text>(collector.reply().parts[0].is).text == "ab");
}

TEST_CASE("a sealed thought takes no more text") {
  Collector collector;
  collector.reasoning("one");
  collector.seal(Dialect::anthropic, "s", false);
  collector.reasoning("two");
  collector.seal(Dialect::anthropic, "blind", true);
  REQUIRE(collector.reply().parts.size() == 3);
  CHECK(std::get<Reasoning>(collector.reply().parts[2].is).redacted);
}

TEST_CASE("arguments of calls that are told in turns find their call") {
  Collector collector;
  collector.tool_begin(0, "a", "f", "");
  collector.tool_begin(1, "b", "g", "");
  collector.tool_arguments(0, "{");
  collector.tool_arguments(1, "[");
  collector.tool_arguments(0, "}");
  CHECK(std::get<ToolCall>(collector.reply().parts[0].is).arguments == "{}");
  CHECK(std::get<ToolCall>(collector.reply().parts[1].is).arguments == "[");
}

TEST_CASE("results learn the names of the tools that were called") {
  Conversation talk;
  ToolCall call;
  call.id = "c1";
  call.name = "look";
  ToolResult result;
  result.id = "c1";
  talk.messages = {{Role::assistant, {{call}}, ""}, {Role::tool, {{result}}, ""}};
  resolve_tool_names(talk);
  CHECK(std::get<ToolResult>(talk.messages[1].parts[0].is).name == "look");
}

TEST_CASE("every seal is a thought of its own, also where the words are kept back") {
  Collector collector;
  collector.seal(Dialect::anthropic, "one", false);
  collector.seal(Dialect::anthropic, "two", false);
  REQUIRE(collector.reply().parts.size() == 2);
  CHECK(std::get<Reasoning>(collector.reply().parts[0].is).signature == "one");
  CHECK(std::get<Reasoning>(collector.reply().parts[1].is).signature == "two");
}
