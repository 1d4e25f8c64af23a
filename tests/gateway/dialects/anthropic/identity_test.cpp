// What the Messages API can say comes back from a way through it as it was.
#include "tests/gateway/dialects/support/identity.hpp"
#include "gateway/dialects/anthropic/codec.hpp"
#include "tests/gateway/dialects/anthropic/chance.hpp"

using namespace troupe;
using namespace troupe::dialects;
using namespace troupe::dialects::anthropic;

namespace {

Citation cited(Chance& chance) {
  Citation out;
  out.origin = Dialect::anthropic;
  out.quote = chance.words();
  out.title = chance.words();
  out.raw = {{"type", "page_location"}, {"cited_text", out.quote}, {"document_title", out.title}};
  if (!chance.seldom()) return out;
  out.url = "https://x.example";
  out.raw = {{"type", "web_search_result_location"},
             {"cited_text", out.quote},
             {"title", out.title},
             {"url", out.url},
             {"encrypted_index", "e"}};
  return out;
}

/// Texts with the places of their citations, as a decoder says them.
void add_text(Chance& chance, std::vector<Part>& into, bool cached) {
  const auto at = testing::said_before(into);
  auto said = chance.text(cached);
  while (chance.seldom()) {
    said.citations.push_back(cited(chance));
    said.citations.back().start = at;
    said.citations.back().end = at + static_cast<std::int64_t>(said.text.size());
  }
  into.push_back({std::move(said)});
}

Message assistant(Chance& chance, std::vector<ToolCall>& calls) {
  Message out{Role::assistant, {}, ""};
  // What a request brings to Anthropic is Anthropic's own; other seals do not come this way.
  while (chance.seldom()) {
    auto thought = chance.reasoning();
    thought.origin = Dialect::anthropic;
    out.parts.push_back({std::move(thought)});
  }
  add_text(chance, out.parts, true);
  while (chance.seldom()) out.parts.push_back({chance.opaque()});
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
  out.error = chance.seldom();
  out.cache = chance.cache();
  return {Role::tool, {{std::move(out)}}, ""};
}

Message user(Chance& chance) {
  Message out{Role::user, {{chance.text()}}, ""};
  while (chance.seldom()) out.parts.push_back({chance.media()});
  if (chance.seldom()) out.parts.push_back({chance.opaque()});
  return out;
}

void add_tools(Chance& chance, Conversation& talk) {
  for (auto n = chance.below(3); n > 0; --n) {
    Tool tool;
    if (chance.seldom()) {
      tool.own = Opaque{Dialect::anthropic, {{"type", "web_search_20250305"}, {"name", "web_search"}}};
    } else {
      tool.name = chance.id("tool");
      if (chance.often()) tool.description = chance.words();
      tool.parameters = {{"type", "object"}, {"properties", chance.object()}};
      if (chance.seldom()) tool.strict = chance.often();
      tool.cache = chance.cache();
    }
    talk.tools.push_back(std::move(tool));
  }
  if (talk.tools.empty()) return;
  using Mode = ToolChoice::Mode;
  talk.choice.mode = static_cast<Mode>(chance.below(5));
  if (talk.choice.mode == Mode::named) talk.choice.name = chance.id("tool");
  const bool can = talk.choice.mode != Mode::unset && talk.choice.mode != Mode::none;
  if (can && chance.seldom()) talk.choice.parallel = chance.often();
}

void add_settings(Chance& chance, Conversation& talk) {
  talk.sampling.max_output = 1 + static_cast<std::int64_t>(chance.below(5000));
  if (chance.seldom()) talk.sampling.temperature = 0.25;
  if (chance.seldom()) talk.sampling.top_p = 0.5;
  if (chance.seldom()) talk.sampling.top_k = 7;
  while (chance.seldom()) talk.sampling.stop.push_back(chance.words());
  if (chance.seldom()) talk.thinking.adaptive = true;
  if (!talk.thinking.adaptive && chance.seldom()) talk.thinking.budget = chance.often() ? 2048 : 0;
  if ((talk.thinking.adaptive || talk.thinking.budget) && chance.often())
    talk.thinking.shown = chance.often();
  if (chance.seldom()) talk.thinking.effort = "xhigh";
  if (chance.seldom()) talk.format = {Format::Kind::schema, "", "", {{"type", "object"}}, std::nullopt};
  if (chance.seldom()) talk.user = chance.words();
  if (chance.seldom()) talk.service_tier = "standard_only";
  talk.stream = chance.often();
  if (chance.seldom()) talk.extras.emplace_back("context_management", chance.object());
  if (chance.seldom()) talk.extras.emplace_back("mcp_servers", Json::array({chance.object()}));
}

Conversation conversation(std::uint64_t seed) {
  Chance chance(seed);
  Conversation talk;
  talk.origin = Dialect::anthropic;
  talk.model = "claude-x";
  if (chance.often()) talk.messages.push_back({Role::system, {{chance.text()}, {chance.text()}}, ""});
  talk.messages.push_back(user(chance));
  for (auto turns = chance.below(4); turns > 0; --turns) {
    std::vector<ToolCall> calls;
    talk.messages.push_back(assistant(chance, calls));
    for (const auto& call : calls) talk.messages.push_back(result(chance, call));
    talk.messages.push_back(user(chance));
    if (chance.seldom()) talk.messages.push_back(user(chance));  // neighbours of one role
  }
  if (chance.seldom()) talk.messages.push_back({Role::assistant, {{chance.text()}}, ""});  // a prefill
  add_tools(chance, talk);
  add_settings(chance, talk);
  return talk;
}

/// `streamed`: what a stream can tell, where neighbours of one kind are one part.
Reply reply(std::uint64_t seed, bool streamed) {
  Chance chance(seed);
  Reply out;
  out.id = chance.id("msg_");
  out.model = "claude-x";
  for (auto n = chance.below(3); n > 0; --n) out.parts.push_back({chance.reasoning()});
  for (auto n = 1 + chance.below(4); n > 0; --n) {
    const bool after_text = !out.parts.empty() && std::holds_alternative<Text>(out.parts.back().is);
    if (chance.often() && !(streamed && after_text)) add_text(chance, out.parts, false);
    if (chance.often()) {
      auto call = chance.call();
      if (chance.seldom()) call.signature = chance.id("thought");
      out.parts.push_back({std::move(call)});
    }
    if (chance.seldom()) out.parts.push_back({chance.opaque()});
  }
  out.finish = static_cast<Finish>(chance.below(7));
  if (testing::has_calls(out) && out.finish == Finish::stop) out.finish = Finish::tools;
  if (out.finish == Finish::stop_sequence) out.stop_sequence = chance.words();
  if (out.finish == Finish::filtered) out.finish_detail = chance.words();
  out.usage = Usage{{500}, {90}, {100}, {60}, {30}, {20}, false};
  if (chance.seldom()) out.usage = Usage{{5}, {9}, {0}, {0}, {0}, {0}, false};
  if (!streamed && chance.seldom()) out.service_tier = "priority";
  return out;
}

}  // namespace

TEST_CASE("a conversation comes back as it was") {
  testing::check_conversations(codec(), "claude-x", conversation);
}

TEST_CASE("an answer comes back as it was") {
  testing::check_answers(codec(), [](std::uint64_t seed) { return reply(seed, false); });
}

TEST_CASE("a stream comes back as it was, however it is cut into pieces") {
  testing::check_streams(codec(), [](std::uint64_t seed) { return reply(seed, true); });
}
