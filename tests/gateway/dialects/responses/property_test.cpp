// Whatever the dialect can say survives being written and read. Seeded: the same conversations every time.
#include <array>

#include "core/random.hpp"
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/responses/codec.hpp"
#include "tests/gateway/dialects/responses/events_of.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

/// Random values of the model, within what this dialect can say.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  Conversation talk();
  Reply reply();
  Reply streamed();

 private:
  bool maybe() { return random_.below(2) == 0; }
  std::string words();
  std::string token() { return "t" + std::to_string(random_.below(1'000'000)); }
  Text said();
  Text noted(std::int64_t& before);
  Media media();
  ToolCall call();
  ToolResult result();
  Reasoning thought();
  Message assistant();
  Tool tool();
  void settings(Conversation& out);

  Random random_;
};

std::string Maker::words() {
  static constexpr std::array<std::string_view, 9> kPieces{"a",  " word",      "é", "日本",    "😀",
                                                           "\n", "\"quote\\ ", "{", "\u2028\t"};
  std::string out;
  for (auto n = 1 + random_.below(6); n > 0; --n) out += kPieces[random_.below(kPieces.size())];
  return out;
}

Text Maker::said() {
  return {words(), {}, maybe() ? Json() : Json{{"type", "ephemeral"}}};
}

/// A text of an answer, with citations at the edges of characters.
Text Maker::noted(std::int64_t& before) {
  Text out{words(), {}, nullptr};
  for (auto n = random_.below(3); n > 0; --n) {
    const auto size = static_cast<std::int64_t>(out.text.size());
    out.citations.push_back({"https://" + token() + ".example", words(), maybe() ? words() : "", before,
                             before + size, Dialect::responses, nullptr});
  }
  before += static_cast<std::int64_t>(out.text.size());
  return out;
}

Media Maker::media() {
  Media out;
  if (maybe()) out.cache = {{"type", "ephemeral"}};
  const auto way = random_.below(6);
  out.kind = way < 3 ? Media::Kind::image : way < 5 ? Media::Kind::document : Media::Kind::audio;
  if (way == 0 || way == 3) {
    out.type = way == 0 ? "image/png" : "application/pdf";
    out.data = "QUJD";
  } else if (way == 1 || way == 4) {
    out.url = "https://a.example/" + token();
  } else if (way == 2) {
    out.file_id = token();
  } else {
    out.type = "audio/wav";
    out.data = "UklG";
    out.cache = nullptr;
  }
  if (way < 3 && maybe()) out.detail = "high";
  if (way == 3 || way == 4) out.name = token() + ".pdf";
  return out;
}

ToolCall Maker::call() {
  ToolCall out;
  out.id = "call_" + token();
  out.name = token();
  out.custom = maybe();
  out.arguments = out.custom ? words() : R"({"a":")" + token() + "\"}";
  return out;
}

ToolResult Maker::result() {
  ToolResult out;
  out.id = "call_" + token();
  out.custom = maybe();
  for (auto n = random_.below(3); n > 0; --n) {
    if (maybe()) {
      out.content.push_back({said()});
    } else {
      out.content.push_back({media()});
    }
  }
  if (maybe()) out.content.push_back({Text{"", {}, nullptr}});
  return out;
}

Reasoning Maker::thought() {
  Reasoning out;
  out.origin = Dialect::responses;
  out.id = "rs_" + token();
  if (maybe()) out.text = words();
  if (maybe() || out.text.empty()) out.signature = token() + "==";
  out.redacted = out.text.empty();
  out.summary = !out.text.empty() && maybe();
  return out;
}

/// One turn: texts stand together, between calls and thoughts.
Message Maker::assistant() {
  Message out{Role::assistant, {}, {}};
  std::int64_t before = 0;
  for (auto n = 1 + random_.below(5); n > 0; --n) {
    switch (random_.below(5)) {
      case 0:
        out.parts.push_back({noted(before)});
        break;
      case 1:
        out.parts.push_back({Refusal{words()}});
        break;
      case 2:
        out.parts.push_back({call()});
        break;
      case 3:
        out.parts.push_back({thought()});
        break;
      default:
        out.parts.push_back({Opaque{Dialect::responses, {{"type", "web_search_call"}, {"id", token()}}}});
    }
  }
  return out;
}

Tool Maker::tool() {
  Tool out;
  if (maybe()) {
    out.own = Opaque{Dialect::responses, {{"type", "custom"}, {"name", token()}, {"description", words()}}};
    out.name = out.own->json["name"];
    out.description = out.own->json["description"];
    return out;
  }
  out.name = token();
  if (maybe()) out.description = words();
  if (maybe()) out.parameters = {{"type", "object"}, {"title", words()}};
  if (maybe()) out.strict = maybe();
  return out;
}

void Maker::settings(Conversation& out) {
  if (maybe()) out.sampling.temperature = random_.unit();
  if (maybe()) out.sampling.top_p = random_.unit();
  if (maybe()) out.sampling.max_output = static_cast<std::int64_t>(random_.below(100'000));
  if (maybe()) out.sampling.top_logprobs = static_cast<std::int64_t>(random_.below(20));
  if (maybe()) out.thinking.effort = "medium";
  if (maybe()) out.thinking.summary = "detailed";
  if (!out.thinking.summary.empty()) out.thinking.shown = true;
  if (maybe()) out.format = {Format::Kind::schema, token(), words(), {{"type", "object"}}, maybe()};
  if (maybe()) out.verbosity = "low";
  if (maybe()) out.user = words();
  if (maybe()) out.cache_key = token();
  if (maybe()) out.service_tier = "flex";
  if (maybe()) out.metadata = {{"k", words()}};
  if (maybe()) out.store = maybe();
  out.stream = maybe();
  if (maybe()) out.extras.emplace_back("reasoning", Json{{"context", "all_turns"}});
  if (maybe()) out.extras.emplace_back("include", Json{"message.output_text.logprobs"});
  out.sampling.logprobs = !out.extras.empty() && out.extras.back().first == "include";
  if (maybe()) out.extras.emplace_back("previous_response_id", "resp_" + token());
  if (maybe()) out.extras.emplace_back("truncation", "auto");
}

Conversation Maker::talk() {
  Conversation out;
  out.origin = Dialect::responses;
  out.model = "m";
  if (maybe()) out.messages.push_back({Role::system, {{Text{words(), {}, nullptr}}}, {}});
  for (auto n = random_.below(4); n > 0; --n) {
    out.messages.push_back({maybe() ? Role::user : Role::developer, {{said()}, {media()}}, {}});
    out.messages.push_back(assistant());
    if (!maybe()) continue;
    out.messages.push_back({Role::tool, {{result()}, {result()}}, {}});
  }
  for (auto n = random_.below(3); n > 0; --n) out.tools.push_back(tool());
  if (!out.tools.empty()) {
    out.choice.mode = static_cast<ToolChoice::Mode>(random_.below(5));
    if (out.choice.mode == ToolChoice::Mode::named) out.choice.name = out.tools[0].name;
    if (maybe()) out.choice.parallel = maybe();
  }
  settings(out);
  return out;
}

Reply Maker::reply() {
  Reply out;
  out.id = "resp_" + token();
  out.model = token();
  out.created = static_cast<std::int64_t>(1 + random_.below(2'000'000'000));
  out.parts = assistant().parts;
  if (maybe()) {
    Reasoning foreign;
    foreign.origin = Dialect::anthropic;
    foreign.signature = token();
    foreign.redacted = maybe();
    if (!foreign.redacted) foreign.text = words();
    out.parts.push_back({foreign});
    auto sealed = call();
    sealed.signature = token();
    out.parts.push_back({sealed});
  }
  bool calls = false, texts = false;
  for (const auto& part : out.parts) {
    calls = calls || std::holds_alternative<ToolCall>(part.is);
    texts = texts || std::holds_alternative<Text>(part.is);
  }
  constexpr std::array<Finish, 4> kFinishes{Finish::stop, Finish::length, Finish::filtered, Finish::failed};
  out.finish = kFinishes[random_.below(4)];
  if (out.finish == Finish::failed) out.finish_detail = words();
  if (calls && out.finish == Finish::stop) out.finish = Finish::tools;
  if (texts && maybe())
    out.logprobs = {{"content", {{{"token", "x"}, {"logprob", -1}}}}, {"refusal", nullptr}};
  if (maybe()) out.service_tier = "default";
  if (maybe()) out.usage = Usage{{100}, {50}, {30}, {20}, {10}, {0}, false};
  return out;
}

/// What events can carry of a reply: neighbours of one kind are one, and a stream names no custom calls, no
/// ids of thoughts and no logprobs.
Reply Maker::streamed() {
  auto out = reply();
  out.service_tier.clear();
  out.logprobs = nullptr;
  if (out.finish == Finish::failed) {
    out.finish = Finish::length;
    out.finish_detail.clear();
  }
  for (auto& part : out.parts) {
    if (auto* call = std::get_if<ToolCall>(&part.is)) call->custom = false;
    auto* thought = std::get_if<Reasoning>(&part.is);
    if (!thought) continue;
    thought->id.clear();
    thought->summary = false;
    if (thought->signature.empty()) thought->origin = Dialect::chat;
  }
  Collector merged;
  play(out, merged);
  return merged.take();
}

constexpr std::uint64_t kRounds = 300;

}  // namespace

TEST_CASE("a conversation that is written and read is the same conversation") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const auto talk = Maker(seed).talk();
    const auto body = codec().encode_request(talk, {"m", "", false});
    REQUIRE(body);
    INFO(*body);
    const auto back = codec().decode_request(*body);
    REQUIRE(back);
    CHECK(*back == talk);
  }
}

TEST_CASE("an answer that is written and read is the same answer") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const auto reply = Maker(seed).reply();
    const auto body = codec().encode_reply(reply, {"req", "m", 5, false, nullptr});
    INFO(body);
    const auto back = codec().decode_reply(body);
    REQUIRE(back);
    CHECK(*back == reply);
  }
}

TEST_CASE("an answer that is streamed and heard is the same answer, in pieces of any size") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const auto reply = Maker(seed).streamed();
    const auto encoder = codec().stream_encoder({"req", "m", 5, false, nullptr});
    play(reply, *encoder);
    INFO(encoder->out);
    const auto heard = hear(encoder->out, 1 + seed % 900);
    CHECK(heard.ended);
    CHECK(heard.reply == reply);
  }
}

TEST_CASE("a stream that is split at any byte says the same") {
  const auto reply = Maker(4).streamed();
  const auto encoder = codec().stream_encoder({"req", "m", 5, false, nullptr});
  play(reply, *encoder);
  for (std::size_t at = 1; at<encoder->out.size(); at += encoder->out.size()> 6000 ? 3 : 1) {
    Collector collector;
    const auto decoder = codec().stream_decoder();
    const std::string head = encoder->out.substr(0, at), tail = encoder->out.substr(at);
    decoder->feed(head, collector);
    decoder->feed(tail, collector);
    decoder->close(collector);
    REQUIRE(decoder->ended);
    REQUIRE(collector.reply() == reply);
  }
}

TEST_CASE("the whole answer at the end of a stream is what was streamed") {
  for (std::uint64_t seed = 0; seed < kRounds; ++seed) {
    const auto reply = Maker(seed).streamed();
    const auto encoder = codec().stream_encoder({"req", "m", 5, false, nullptr});
    play(reply, *encoder);
    const auto last = events_of(encoder->out).back()["response"].dump();
    const auto whole = codec().decode_reply(last);
    REQUIRE(whole);
    const auto again = codec().stream_encoder({"req", "m", 5, false, nullptr});
    play(*whole, *again);
    CHECK(events_of(again->out).back()["response"] == Json::parse(last));
  }
}

}  // namespace troupe::dialects::responses
