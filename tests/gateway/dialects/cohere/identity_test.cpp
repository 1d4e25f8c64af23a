// What Cohere's chat can say comes back from a way through it as it was.
#include "tests/gateway/dialects/support/identity.hpp"

#include "gateway/dialects/cohere/codec.hpp"
#include "gateway/dialects/ruler.hpp"
#include "tests/gateway/dialects/support/chance.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

using testing::Chance;

Text said(Chance& chance) {
  return {chance.words(), {}, nullptr};
}

Reasoning thought(Chance& chance) {
  Reasoning out;
  out.text = chance.words();
  return out;
}

/// Of all of the text, which is the block `index` of the content.
Citation cited(Chance& chance, const std::string& text, std::int64_t before, std::size_t index) {
  const auto size = static_cast<std::int64_t>(text.size());
  Citation out{"https://x.example/" + chance.id(""),
               chance.words(),
               chance.words(),
               before,
               before + size,
               Dialect::cohere,
               nullptr};
  Json document = {{"id", chance.id("doc")}, {"title", out.title}, {"url", out.url}};
  out.raw = {{"start", 0},
             {"end", Ruler().chars(text, size)},
             {"text", out.quote},
             {"sources", Json::array({{{"type", "document"}, {"document", std::move(document)}}})},
             {"content_index", index}};
  return out;
}

/// Thoughts and texts in turn, then the plan and the calls.
void add_saying(Chance& chance, std::vector<Part>& into) {
  std::size_t block = 0;
  for (auto n = chance.below(3); n > 0; --n) {
    if (chance.often() || block > 0) into.push_back({thought(chance)}), ++block;
    auto words = said(chance);
    const auto before = testing::said_before(into);
    while (chance.seldom()) words.citations.push_back(cited(chance, words.text, before, block));
    into.push_back({std::move(words)}), ++block;
  }
}

void add_calls(Chance& chance, std::vector<Part>& into) {
  for (auto n = chance.below(3); n > 0; --n) into.push_back({chance.call()});
}

Message result(Chance& chance, const ToolCall& call) {
  ToolResult out;
  out.id = call.id;
  out.name = call.name;
  if (chance.often()) out.content.push_back({said(chance)});
  if (chance.seldom())
    out.content.push_back(
        {Opaque{Dialect::cohere, {{"type", "document"}, {"document", {{"data", chance.object()}}}}}});
  return {Role::tool, {{std::move(out)}}, ""};
}

Message user(Chance& chance) {
  Message out{Role::user, {{said(chance)}}, ""};
  while (chance.seldom()) {
    Media image;
    if (chance.often()) {
      image.type = "image/png";
      image.data = "AAAA";
    } else {
      image.url = "https://x.example/" + chance.id("");
    }
    if (chance.seldom()) image.detail = "low";
    out.parts.push_back({std::move(image)});
  }
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
  using Mode = ToolChoice::Mode;
  if (!talk.tools.empty()) talk.choice.mode = chance.often() ? Mode::unset : Mode::required;
  auto& sampling = talk.sampling;
  if (chance.seldom()) sampling.temperature = 0.25;
  if (chance.seldom()) sampling.top_p = 0.5;
  if (chance.seldom()) sampling.top_k = 7;
  if (chance.seldom()) sampling.seed = 4;
  if (chance.seldom()) sampling.max_output = 100;
  if (chance.seldom()) sampling.frequency_penalty = 0.5;
  if (chance.seldom()) sampling.presence_penalty = 0.25;
  if (chance.seldom()) sampling.stop = {chance.words(), chance.words()};
  if (chance.seldom()) talk.thinking.budget = chance.often() ? 1024 : 0;
  if (!talk.thinking.budget && chance.seldom()) talk.thinking.adaptive = true;
  if (chance.seldom()) talk.format.kind = Format::Kind::json;
  if (chance.seldom()) talk.format = {Format::Kind::schema, "", "", {{"type", "object"}}, std::nullopt};
  talk.stream = chance.often();
  if (chance.seldom()) talk.extras.emplace_back("documents", Json::array({chance.words()}));
  if (chance.seldom()) talk.extras.emplace_back("safety_mode", "OFF");
}

Conversation conversation(std::uint64_t seed) {
  Chance chance(seed);
  Conversation talk;
  talk.origin = Dialect::cohere;
  talk.model = "command-x";
  if (chance.often()) talk.messages.push_back({Role::system, {{said(chance)}}, ""});
  talk.messages.push_back(user(chance));
  for (auto turns = chance.below(4); turns > 0; --turns) {
    Message answer{Role::assistant, {}, ""};
    add_saying(chance, answer.parts);
    add_calls(chance, answer.parts);
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
  out.id = chance.id("r");
  add_saying(chance, out.parts);
  add_calls(chance, out.parts);
  constexpr Finish kEnds[] = {Finish::stop,  Finish::stop_sequence, Finish::length, Finish::context,
                              Finish::tools, Finish::filtered,      Finish::failed, Finish::unknown};
  out.finish = kEnds[chance.below(8)];
  if (out.finish == Finish::failed) out.finish_detail = chance.often() ? "ERROR" : "TIMEOUT";
  if (out.finish == Finish::unknown) out.finish_detail = "NEW_WORD";
  if (chance.often()) out.usage = Usage{{500}, {90}, {100}, {0}, {30}, {0}, false};
  return out;
}

}  // namespace

TEST_CASE("a conversation comes back as it was") {
  testing::check_conversations(cohere::codec(), "command-x", conversation);
}

TEST_CASE("an answer comes back as it was") {
  testing::check_answers(cohere::codec(), reply);
}

TEST_CASE("a stream comes back as it was, however it is cut into pieces") {
  testing::check_streams(cohere::codec(), reply);
}
