// What Ollama's chat can say comes back from a way through it as it was.
#include "tests/gateway/dialects/support/identity.hpp"

#include "gateway/dialects/ollama/codec.hpp"
#include "tests/gateway/dialects/support/chance.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

using testing::Chance;

/// Thoughts, then text, then calls: the order in which a message holds them.
void add_answer(Chance& chance, std::vector<Part>& into) {
  if (chance.often()) {
    Reasoning thought;
    thought.text = chance.words();
    into.push_back({std::move(thought)});
  }
  if (chance.often()) into.push_back({Text{chance.words(), {}, nullptr}});
  for (auto n = chance.below(3); n > 0; --n) into.push_back({chance.call()});
}

Media image() {
  Media out;
  out.data = "AAAA";
  return out;
}

Message result(Chance& chance, const ToolCall& call) {
  ToolResult out;
  out.id = call.id;
  out.name = call.name;
  if (chance.often()) out.content.push_back({Text{chance.words(), {}, nullptr}});
  if (chance.seldom()) out.content.push_back({image()});
  return {Role::tool, {{std::move(out)}}, ""};
}

Message user(Chance& chance) {
  Message out{Role::user, {{Text{chance.words(), {}, nullptr}}}, ""};
  while (chance.seldom()) out.parts.push_back({image()});
  return out;
}

void add_settings(Chance& chance, Conversation& talk) {
  for (auto n = chance.below(3); n > 0; --n) {
    Tool tool;
    tool.name = chance.id("tool");
    if (chance.often()) tool.description = chance.words();
    if (chance.often()) tool.parameters = {{"type", "object"}, {"properties", chance.object()}};
    talk.tools.push_back(std::move(tool));
  }
  auto& sampling = talk.sampling;
  if (chance.seldom()) sampling.temperature = 1.75;
  if (chance.seldom()) sampling.top_p = 0.5;
  if (chance.seldom()) sampling.top_k = 7;
  if (chance.seldom()) sampling.seed = -4;
  if (chance.seldom()) sampling.max_output = 100;
  if (chance.seldom()) sampling.frequency_penalty = 0.5;
  if (chance.seldom()) sampling.presence_penalty = 0.25;
  if (chance.seldom()) sampling.stop = {chance.words(), chance.words()};
  if (chance.seldom()) talk.thinking.effort = "low";
  if (!talk.thinking.asked() && chance.seldom()) talk.thinking.budget = 0;
  if (!talk.thinking.asked() && chance.seldom()) talk.thinking.adaptive = true;
  if (chance.seldom()) talk.format.kind = Format::Kind::json;
  if (chance.seldom()) talk.format = {Format::Kind::schema, "", "", {{"type", "object"}}, std::nullopt};
  talk.stream = chance.often();
  if (chance.seldom())
    talk.extras.emplace_back("options",
                             sampling.max_output ? Json{{"num_ctx", 8192}} : Json{{"num_predict", -1}});
  if (chance.seldom()) talk.extras.emplace_back("keep_alive", "5m");
}

Conversation conversation(std::uint64_t seed) {
  Chance chance(seed);
  Conversation talk;
  talk.origin = Dialect::ollama;
  talk.model = "llama-x";
  if (chance.often()) talk.messages.push_back({Role::system, {{Text{chance.words(), {}, nullptr}}}, ""});
  talk.messages.push_back(user(chance));
  for (auto turns = chance.below(4); turns > 0; --turns) {
    Message answer{Role::assistant, {}, ""};
    add_answer(chance, answer.parts);
    talk.messages.push_back(answer);
    for (const auto& part : answer.parts) {
      if (const auto* call = std::get_if<ToolCall>(&part.is)) talk.messages.push_back(result(chance, *call));
    }
    talk.messages.push_back(user(chance));
  }
  add_settings(chance, talk);
  return talk;
}

Reply reply(std::uint64_t seed) {
  Chance chance(seed);
  Reply out;
  out.model = "llama-x";
  out.created = static_cast<std::int64_t>(1 + chance.below(2'000'000'000));
  add_answer(chance, out.parts);
  constexpr Finish kEnds[] = {Finish::stop, Finish::length, Finish::unknown};
  out.finish = kEnds[chance.below(3)];
  if (out.finish == Finish::stop && testing::has_calls(out)) out.finish = Finish::tools;
  if (out.finish == Finish::unknown) out.finish_detail = chance.often() ? "load" : "unload";
  if (chance.often()) out.usage = Usage{{500}, {90}, {0}, {0}, {0}, {0}, false};
  return out;
}

}  // namespace

TEST_CASE("a conversation comes back as it was") {
  testing::check_conversations(ollama::codec(), "llama-x", conversation);
}

TEST_CASE("an answer comes back as it was") {
  testing::check_answers(ollama::codec(), reply);
}

TEST_CASE("a stream comes back as it was, however it is cut into pieces") {
  testing::check_streams(ollama::codec(), reply);
}
