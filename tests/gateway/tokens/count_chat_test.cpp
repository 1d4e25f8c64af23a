#include "gateway/tokens/count_chat.hpp"

#include "tests/gateway/tokens/support.hpp"

using namespace troupe::tokens;
using namespace troupe::dialects;
using troupe::Tokens;

namespace {

/// Without vocabularies counts are guesses; what adds up stays the same.
const Library kNone("");

Count body(const std::string& text, std::string_view model = "gpt-4o", const Library& library = kNone) {
  const auto count = count_chat_body(text, Tally(library, model));
  REQUIRE(count);
  return *count;
}

Message said(Role role, std::vector<Part> parts) {
  Message message;
  message.role = role;
  message.parts = std::move(parts);
  return message;
}

Part words(std::string text) {
  return {Text{std::move(text), {}, {}}};
}

}  // namespace

TEST_CASE("a conversation and its OpenAI body count the same") {
  Conversation talk;
  talk.messages = {said(Role::system, {words("You are terse.")}),
                   said(Role::user, {words("Say \"hi\"\n"), words("now")})};
  const auto same = body(R"({"model":"m","messages":[{"role":"system","content":"You are terse."},
      {"role":"user","content":[{"type":"text","text":"Say \"hi\"\n"},{"type":"text","text":"now"}]}]})");
  const auto counted = count_conversation(talk, Tally(kNone, "gpt-4o"));
  CHECK(counted.tokens == same.tokens);
  CHECK(counted.guess == same.guess);
}

TEST_CASE("a chat of texts has OpenAI's own count") {
  // The cookbook's example, 129 tokens for gpt-4o-2024-08-06 and others, names included.
  if (vocabulary_or_skip(Encoding::o200k_base) == nullptr) return;
  const std::string example = R"({"messages":[
    {"role":"system","content":"You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
    {"role":"system","name":"example_user","content":"New synergies will help drive top-line growth."},
    {"role":"system","name":"example_assistant","content":"Things working well together will increase revenue."},
    {"role":"system","name":"example_user","content":"Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
    {"role":"system","name":"example_assistant","content":"Let's talk later when we're less busy about how to do better."},
    {"role":"user","content":"This late pivot means we don't have time to boil the ocean for the client deliverable."}]})";
  const auto o200k = body(example, "gpt-4o", fetched());
  CHECK(o200k.exact);
  CHECK(o200k.tokens == Tokens{124});
  if (vocabulary_or_skip(Encoding::cl100k_base) == nullptr) return;
  CHECK(body(example, "gpt-4-0613", fetched()).tokens == Tokens{129});
}

TEST_CASE("tools, calls and their results, formats, pictures and files all weigh something") {
  const std::string plain = R"({"messages":[{"role":"user","content":"hi"})";
  const auto base = body(plain + "]}").tokens.count;
  for (
      const std::string more :
      {R"(,{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}]})",
       R"(,{"role":"tool","tool_call_id":"1","content":"forty-two"}]})",
       R"(],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]})",
       R"(],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}})",
       R"(,{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]})",
       R"(,{"role":"user","content":[{"type":"file","file":{"file_data":"AAAA"}}]}]})"}) {
    CAPTURE(more);
    CHECK(body(plain + more).tokens.count > base + 5);
  }
}

TEST_CASE("a low picture in a data URI is cheap, a large one is measured") {
  const auto image = [](const std::string& more) {
    return body(
               R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)"
               R"(iVBORw0KGgoAAAANSUhEUgAACAAAAAgACAIAAAA=")" +
               more + "}}]}]}")
        .tokens.count;
  };
  CHECK(image(R"(,"detail":"low")") == image("") - 765 + 85);
}

TEST_CASE("every kind of part of a conversation is counted") {
  const auto alone = [](Part part) {
    Conversation talk;
    talk.messages = {said(Role::user, {std::move(part)})};
    return count_conversation(talk, Tally(kNone, "claude-x")).tokens.count;
  };
  const auto base = alone(words(""));
  Media picture;
  picture.url = "https://example.com/a.png";
  Media paper;
  paper.kind = Media::Kind::document;
  paper.data = std::string(4000, 'A');
  ToolCall call;
  call.name = "weather";
  call.arguments = R"({"city":"Oslo"})";
  ToolResult result;
  result.content = {words("rain, and then some more rain")};
  Reasoning thought;
  thought.text = "the user wants weather";
  CHECK(alone({picture}) == base + 1399);
  CHECK(alone({paper}) == base + 800);
  CHECK(alone({call}) > base + 8);
  CHECK(alone({result}) > base + 4);
  CHECK(alone({thought}) > base + 3);
  CHECK(alone({Refusal{"I would rather not"}}) > base + 2);
  CHECK(alone({Opaque{Dialect::chat, Json{{"type", "server_tool"}}}}) > base + 8);
}

TEST_CASE("a body of any shape is counted without a fault, and no JSON is told") {
  for (
      const std::string shape :
      {"{}", "[]", "1", R"({"messages":{}})", R"({"messages":[1,null,[],{"role":5,"content":{}}]})",
       R"({"messages":[{"role":"user","content":[1,{},{"type":"text"},{"image_url":7}]}],"tools":{},"response_format":1})"}) {
    CAPTURE(shape);
    CHECK(body(shape).tokens.count >= 3);
  }
  const auto bad = count_chat_body("{\"messages\":", Tally(kNone, "gpt-4o"));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().fault == troupe::Fault::caller_bad_request);
}
