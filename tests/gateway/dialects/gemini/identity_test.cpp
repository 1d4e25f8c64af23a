// What generateContent can say comes back from a way through it as it was.
#include "tests/gateway/dialects/support/identity.hpp"
#include "gateway/dialects/gemini/codec.hpp"
#include "tests/gateway/dialects/support/chance.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

using testing::Chance;

Text said(Chance& chance) {
  return {chance.words(), {}, nullptr};
}

Media media(Chance& chance) {
  Media out;
  out.kind = chance.often() ? Media::Kind::image : Media::Kind::audio;
  out.type = out.kind == Media::Kind::image ? "image/png" : "audio/wav";
  if (chance.often()) {
    out.data = "AAAA";
  } else {
    out.url = "gs://bucket/" + chance.id("");
  }
  if (chance.seldom()) out.name = chance.words();
  if (chance.seldom()) out.more = {{"videoMetadata", chance.object()}};
  return out;
}

Opaque opaque(Chance& chance) {
  return {Dialect::gemini, {{"executableCode", {{"code", chance.words()}}}}};
}

ToolCall call(Chance& chance) {
  auto out = chance.call();
  if (chance.often()) out.signature = chance.id("S");
  return out;
}

Message assistant(Chance& chance, std::vector<ToolCall>& calls) {
  Message out{Role::assistant, {}, ""};
  while (chance.seldom()) {
    Reasoning thought{chance.words(), "", "", Dialect::gemini, false, false};
    if (chance.often()) thought.signature = chance.id("T");
    out.parts.push_back({thought});
  }
  out.parts.push_back({said(chance)});
  while (chance.seldom())
    out.parts.push_back({Reasoning{"", chance.id("U"), "", Dialect::gemini, true, false}});
  if (chance.seldom()) out.parts.push_back({opaque(chance)});
  while (chance.often()) {
    calls.push_back(call(chance));
    out.parts.push_back({calls.back()});
  }
  return out;
}

Message result(Chance& chance, const ToolCall& call) {
  ToolResult out;
  out.id = call.id;
  out.name = call.name;
  out.error = chance.seldom();
  if (chance.often()) {
    const auto words = chance.often() || out.error ? chance.words() : dump(chance.object());
    out.content.push_back({Text{words, {}, {}}});
  }
  if (chance.seldom()) out.content.push_back({media(chance)});
  return {Role::tool, {{std::move(out)}}, ""};
}

Message user(Chance& chance) {
  Message out{Role::user, {{said(chance)}}, ""};
  while (chance.seldom()) out.parts.push_back({media(chance)});
  if (chance.seldom()) out.parts.push_back({opaque(chance)});
  return out;
}

void add_tools(Chance& chance, Conversation& talk) {
  for (auto n = chance.below(3); n > 0; --n) {
    Tool tool;
    tool.name = chance.id("tool");
    if (chance.often()) tool.description = chance.words();
    if (chance.often()) tool.parameters = {{"type", "object"}, {"properties", chance.object()}};
    talk.tools.push_back(std::move(tool));
  }
  if (chance.seldom()) {
    talk.tools.emplace_back();
    talk.tools.back().own = Opaque{Dialect::gemini, {{"googleSearch", Json::object()}}};
  }
  talk.choice.mode = static_cast<ToolChoice::Mode>(chance.below(5));
  if (talk.choice.mode == ToolChoice::Mode::named) talk.choice.name = chance.id("tool");
}

void add_settings(Chance& chance, Conversation& talk) {
  auto& sampling = talk.sampling;
  if (chance.seldom()) sampling.temperature = 1.75;
  if (chance.seldom()) sampling.top_p = 0.5;
  if (chance.seldom()) sampling.top_k = 7;
  if (chance.seldom()) sampling.max_output = 100;
  if (chance.seldom()) sampling.frequency_penalty = -0.5;
  if (chance.seldom()) sampling.presence_penalty = 0.25;
  if (chance.seldom()) sampling.seed = 4;
  if (chance.seldom()) sampling.choices = 2;
  while (chance.seldom()) sampling.stop.push_back(chance.words());
  if (chance.seldom()) talk.thinking.budget = chance.often() ? 1024 : 0;
  if (chance.seldom()) talk.thinking.effort = "low";
  if (chance.seldom()) talk.thinking.shown = chance.often();
  if (chance.seldom()) talk.format.kind = Format::Kind::json;
  if (chance.seldom()) talk.format = {Format::Kind::schema, "", "", {{"type", "object"}}, std::nullopt};
  if (chance.seldom()) talk.extras.emplace_back("cachedContent", chance.words());
  if (chance.seldom()) talk.extras.emplace_back("generationConfig", Json{{"speechConfig", chance.object()}});
  if (chance.seldom()) talk.extras.emplace_back("safetySettings", Json::array({chance.object()}));
  if (chance.seldom()) talk.extras.emplace_back("toolConfig", Json{{"retrievalConfig", chance.object()}});
}

Conversation conversation(std::uint64_t seed) {
  Chance chance(seed);
  Conversation talk;
  talk.origin = Dialect::gemini;
  if (chance.often()) talk.messages.push_back({Role::system, {{said(chance)}, {said(chance)}}, ""});
  talk.messages.push_back(user(chance));
  for (auto turns = chance.below(4); turns > 0; --turns) {
    std::vector<ToolCall> calls;
    talk.messages.push_back(assistant(chance, calls));
    for (const auto& one : calls) talk.messages.push_back(result(chance, one));
    talk.messages.push_back(user(chance));
    if (chance.seldom()) talk.messages.push_back(user(chance));
  }
  add_tools(chance, talk);
  add_settings(chance, talk);
  return talk;
}

void add_ending(Chance& chance, Reply& out) {
  if (auto* last = std::get_if<Text>(&out.parts.back().is)) {
    for (auto n = chance.below(3); n > 0; --n)
      last->citations.push_back({"https://x.example/" + chance.id(""), chance.words(), chance.words(), 1, 4,
                                 Dialect::gemini, nullptr});
  }
  constexpr Finish kEnds[] = {Finish::stop, Finish::length, Finish::filtered, Finish::failed,
                              Finish::unknown};
  out.finish = kEnds[chance.below(5)];
  if (testing::has_calls(out) && out.finish == Finish::stop) out.finish = Finish::tools;
  if (out.finish == Finish::filtered) out.finish_detail = chance.often() ? "RECITATION" : chance.words();
  if (out.finish == Finish::failed) out.finish_detail = chance.often() ? "OTHER" : chance.words();
  if (out.finish == Finish::unknown) out.finish_detail = chance.often() ? "NEW_WORD" : chance.words();
  if (chance.often()) out.usage = Usage{{500}, {90}, {100}, {0}, {30}, {0}, false};
}

/// Neighbours of one kind are one part, as a stream tells them.
Reply reply(std::uint64_t seed) {
  Chance chance(seed);
  Reply out;
  out.id = chance.id("r");
  out.model = "gemini-x";
  out.created = static_cast<std::int64_t>(1 + chance.below(2'000'000'000));
  if (chance.seldom()) out.parts.push_back({Reasoning{chance.words(), "", "", Dialect::chat, false, false}});
  for (auto n = 1 + chance.below(4); n > 0; --n) {
    const auto origin = chance.seldom() ? Dialect::anthropic : Dialect::gemini;
    const bool after_text = !out.parts.empty() && std::holds_alternative<Text>(out.parts.back().is);
    if (!after_text) out.parts.push_back({said(chance)});
    if (chance.often()) out.parts.push_back({Reasoning{"", chance.id("U"), "", origin, true, false}});
    if (chance.seldom())
      out.parts.push_back({Reasoning{chance.words(), chance.id("T"), "", origin, false, false}});
    if (chance.often()) out.parts.push_back({call(chance)});
    if (chance.seldom()) out.parts.push_back({opaque(chance)});
  }
  add_ending(chance, out);
  return out;
}

/// Only a whole answer tells the tier.
Reply tiered_reply(std::uint64_t seed) {
  auto out = reply(seed);
  if (out.usage) out.service_tier = "standard";
  return out;
}

}  // namespace

TEST_CASE("a conversation comes back as it was") {
  testing::check_conversations(gemini::codec(), "gemini-x", conversation);
}

TEST_CASE("an answer comes back as it was") {
  testing::check_answers(gemini::codec(), tiered_reply);
}

TEST_CASE("a stream comes back as it was, however it is cut into pieces") {
  testing::check_streams(gemini::codec(), reply);
}
