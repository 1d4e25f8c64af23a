// What Converse can say comes back from a way through it as it was.
#include "tests/gateway/dialects/support/identity.hpp"
#include "gateway/dialects/converse/codec.hpp"
#include "tests/gateway/dialects/converse/chance.hpp"

using namespace troupe;
using namespace troupe::dialects;
using namespace troupe::dialects::converse;

namespace {

Message assistant(Chance& chance, std::vector<ToolCall>& calls) {
  Message out{Role::assistant, {}, ""};
  while (chance.seldom()) out.parts.push_back({chance.reasoning(false)});
  chance.add_text(out.parts, true);
  if (chance.seldom()) out.parts.push_back({chance.own_call()});
  while (chance.often()) {
    auto call = chance.call();
    call.cache = chance.cache();
    calls.push_back(call);
    out.parts.push_back({std::move(call)});
  }
  return out;
}

Message result(Chance& chance, const ToolCall& call) {
  ToolResult out;
  out.id = call.id;
  out.name = call.name;
  if (chance.often()) out.content.push_back({chance.text()});
  if (chance.seldom()) out.content.push_back({chance.media()});
  if (chance.seldom()) out.content.push_back({Opaque{Dialect::converse, {{"json", chance.object()}}}});
  out.error = chance.seldom();
  out.cache = chance.cache();
  return {Role::tool, {{std::move(out)}}, ""};
}

Message user(Chance& chance) {
  Message out{Role::user, {{chance.text()}}, ""};
  while (chance.seldom()) out.parts.push_back({chance.media()});
  if (chance.seldom())
    out.parts.push_back({Opaque{Dialect::converse, {{"guardContent", {{"text", chance.object()}}}}}});
  return out;
}

void add_tools(Chance& chance, Conversation& talk) {
  for (auto n = chance.below(3); n > 0; --n) {
    Tool tool;
    if (chance.seldom()) {
      tool.own = Opaque{Dialect::converse, {{"systemTool", {{"name", "nova_grounding"}}}}};
    } else {
      tool.name = chance.id("tool");
      if (chance.often()) tool.description = chance.words();
      tool.parameters = {{"type", "object"}, {"properties", chance.object()}};
      if (chance.seldom()) tool.strict = chance.often();
      tool.cache = chance.cache();
    }
    talk.tools.push_back(std::move(tool));
  }
  if (talk.tools.empty() || chance.seldom()) return;
  using Mode = ToolChoice::Mode;
  talk.choice.mode = chance.often() ? Mode::automatic : chance.often() ? Mode::required : Mode::named;
  if (talk.choice.mode == Mode::named) talk.choice.name = chance.id("tool");
}

void add_settings(Chance& chance, Conversation& talk) {
  if (chance.often()) talk.sampling.max_output = 1 + static_cast<std::int64_t>(chance.below(5000));
  if (chance.seldom()) talk.sampling.temperature = 0.25;
  if (chance.seldom()) talk.sampling.top_p = 0.5;
  if (chance.seldom()) talk.sampling.top_k = 7;
  while (chance.seldom()) talk.sampling.stop.push_back(chance.words());
  if (chance.seldom()) talk.thinking.adaptive = true;
  if (!talk.thinking.adaptive && chance.seldom()) talk.thinking.budget = chance.often() ? 2048 : 0;
  if (talk.thinking.asked() && chance.often()) talk.thinking.shown = chance.often();
  if (chance.seldom()) talk.thinking.effort = "max";
  if (chance.seldom()) talk.format = {Format::Kind::schema, "N", "", {{"type", "object"}}, std::nullopt};
  if (chance.seldom()) talk.metadata = {{"team", chance.words()}};
  if (chance.seldom()) talk.service_tier = "flex";
  if (chance.seldom())
    talk.extras.emplace_back("additionalModelRequestFields", Json{{"new", chance.words()}});
  if (chance.seldom()) talk.extras.emplace_back("guardrailConfig", chance.object());
}

Conversation conversation(std::uint64_t seed) {
  Chance chance(seed);
  Conversation talk;
  talk.origin = Dialect::converse;
  if (chance.often()) talk.messages.push_back({Role::system, {{chance.text()}, {chance.text()}}, ""});
  talk.messages.push_back(user(chance));
  for (auto turns = chance.below(4); turns > 0; --turns) {
    std::vector<ToolCall> calls;
    talk.messages.push_back(assistant(chance, calls));
    for (const auto& call : calls) talk.messages.push_back(result(chance, call));
    talk.messages.push_back(user(chance));
  }
  add_tools(chance, talk);
  add_settings(chance, talk);
  return talk;
}

/// In a stream neighbouring texts are one, and pictures do not come.
Reply reply(std::uint64_t seed, bool streamed) {
  Chance chance(seed);
  Reply out;
  for (auto n = chance.below(3); n > 0; --n) {
    auto thought = chance.reasoning(true);
    if (streamed && thought.signature.empty()) thought.signature = "seal", thought.origin = Dialect::converse;
    out.parts.push_back({std::move(thought)});
  }
  bool calls = false;
  for (auto n = 1 + chance.below(4); n > 0; --n) {
    const bool after_text = !out.parts.empty() && std::holds_alternative<Text>(out.parts.back().is);
    if (chance.often() && !(streamed && after_text)) chance.add_text(out.parts, false);
    if (chance.often()) out.parts.push_back({chance.call()}), calls = true;
    if (chance.seldom()) out.parts.push_back({chance.own_call()});
  }
  out.finish = static_cast<Finish>(chance.below(8));
  if (calls && out.finish == Finish::stop) out.finish = Finish::tools;
  if (out.finish == Finish::stop_sequence) out.stop_sequence = chance.words();
  if (out.finish == Finish::filtered)
    out.finish_detail = chance.often() ? "guardrail_intervened" : "content_filtered";
  if (out.finish == Finish::failed) out.finish_detail = "malformed_tool_use";
  if (chance.often()) out.usage = Usage{{500}, {90}, {100}, {60}, {0}, {20}, false};
  if (!streamed && chance.seldom()) out.service_tier = "flex";
  return out;
}

}  // namespace

TEST_CASE("a conversation comes back as it was") {
  testing::check_conversations(codec(), "anthropic.claude-sonnet-5", conversation);
}

TEST_CASE("an answer comes back as it was") {
  testing::check_answers(codec(), [](std::uint64_t seed) { return reply(seed, false); });
}

TEST_CASE("a stream comes back as it was, however it is cut into pieces") {
  testing::check_streams(codec(), [](std::uint64_t seed) { return reply(seed, true); });
}
