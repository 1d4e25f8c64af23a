#pragma once
// Random conversations and answers in what chat completions can say.
#include <string>
#include <vector>

#include "core/random.hpp"
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::chat {

class Samples {
 public:
  explicit Samples(std::uint64_t seed) : random_(seed) {}

  bool coin() { return random_.below(2) == 0; }
  std::string word() {
    static const std::vector<std::string> kWords{"hello",  "Grüße", "漢字",     "a\"b\\c", "line\nbreak",
                                                 "\t tab", "🙂",  "<&>",      "null",    "x",
                                                 "{}",     "data:", "[DONE]\n", "\x7f",    "é"};
    return kWords[random_.below(kWords.size())] + std::to_string(random_.below(1000));
  }
  Part said() {
    Text text;
    text.text = word();
    if (random_.below(4) == 0) text.cache = {{"type", "ephemeral"}};
    return {std::move(text)};
  }
  Part image() {
    Media media;
    media.kind = Media::Kind::image;
    if (coin()) {
      media.url = "https://example.com/" + std::to_string(random_.below(99)) + ".png";
    } else {
      media.type = "image/png";
      media.data = "iVBORw0KGgo=";
    }
    if (coin()) media.detail = "low";
    return {std::move(media)};
  }
  Part document() {
    Media media;
    media.kind = Media::Kind::document;
    media.type = "application/pdf";
    media.data = "JVBERi0=";
    media.name = word() + ".pdf";
    return {std::move(media)};
  }
  ToolCall call() {
    ToolCall call;
    call.id = "call_" + std::to_string(random_.below(100000));
    call.name = "tool_" + std::to_string(random_.below(9));
    call.arguments = Json{{"q", word()}}.dump();
    if (random_.below(4) == 0) call.signature = "c2ln" + std::to_string(random_.below(9));
    return call;
  }
  Part thought() {
    Reasoning thought;
    thought.origin = coin() ? Dialect::anthropic : Dialect::converse;
    thought.signature = "seal" + word();
    thought.redacted = random_.below(4) == 0;
    if (!thought.redacted) thought.text = word();
    return {std::move(thought)};
  }
  Message user() {
    Message message{Role::user, {said()}, coin() ? "ann" : ""};
    if (coin()) message.parts.push_back(image());
    if (random_.below(4) == 0) message.parts.push_back(document());
    return message;
  }
  void turn(Conversation& talk) {
    talk.messages.push_back(user());
    Message answer{Role::assistant, {}, ""};
    if (random_.below(3) == 0) answer.parts.push_back(thought());
    if (coin()) answer.parts.push_back(said());
    std::vector<ToolCall> calls(random_.below(3));
    for (auto& one : calls) answer.parts.push_back({one = call()});
    if (answer.parts.empty()) answer.parts.push_back(said());
    talk.messages.push_back(std::move(answer));
    for (const auto& one : calls) {
      ToolResult result;
      result.id = one.id;
      result.content = {said()};
      talk.messages.push_back({Role::tool, {{std::move(result)}}, ""});
    }
  }
  Conversation conversation();
  Reply reply();

 private:
  Random random_;
};

inline Conversation Samples::conversation() {
  Conversation talk;
  talk.model = "m-1";
  if (coin()) talk.messages.push_back({coin() ? Role::system : Role::developer, {said()}, ""});
  for (std::size_t turns = 1 + random_.below(3); turns > 0; --turns) turn(talk);
  talk.messages.push_back(user());
  for (std::size_t i = random_.below(3); i > 0; --i) {
    Tool tool;
    tool.name = "tool_" + std::to_string(i);
    if (coin()) tool.description = word();
    tool.parameters = {{"type", "object"}, {"properties", {{"q", {{"type", "string"}}}}}};
    if (coin()) tool.strict = coin();
    talk.tools.push_back(std::move(tool));
  }
  if (!talk.tools.empty() && coin()) talk.choice = {ToolChoice::Mode::named, "tool_1", coin()};
  if (coin()) talk.format = {Format::Kind::schema, "shape", "", {{"type", "object"}}, true};
  if (coin()) talk.sampling.temperature = 0.25;
  if (coin()) talk.sampling.max_output = 99;
  if (coin()) talk.sampling.stop = {"END", "\n\n"};
  if (coin()) talk.sampling.seed = 7;
  if (coin()) talk.thinking.effort = "high";
  if (coin()) talk.user = "user-7";
  talk.stream = talk.include_usage = coin();
  if (coin()) talk.extras.emplace_back("logit_bias", Json{{"50256", -100}});
  return talk;
}

inline Reply Samples::reply() {
  Reply reply;
  reply.id = "chatcmpl-" + std::to_string(random_.below(1000));
  reply.model = "gpt-x";
  reply.created = 1'700'000'000;
  if (coin()) reply.parts.push_back(thought());
  if (coin()) {
    auto text = said();
    std::get<Text>(text.is).cache = nullptr;
    if (coin())
      std::get<Text>(text.is).citations.push_back(
          {"https://example.com/a", "A title", "", 0, 5, Dialect::chat, nullptr});
    reply.parts.push_back(std::move(text));
  }
  if (random_.below(4) == 0)
    reply.parts.push_back({Opaque{Dialect::anthropic, {{"type", "server_tool_use"}}}});
  for (std::size_t i = random_.below(3); i > 0; --i) reply.parts.push_back({call()});
  reply.finish = Finish::stop;
  for (const auto& part : reply.parts) {
    if (std::holds_alternative<ToolCall>(part.is)) reply.finish = Finish::tools;
  }
  if (coin()) reply.usage = Usage{{30}, {12}, {10}, {5}, {4}, {}, false};
  return reply;
}

}  // namespace troupe::dialects::chat
