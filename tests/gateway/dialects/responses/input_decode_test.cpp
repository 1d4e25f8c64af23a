#include "gateway/dialects/responses/decode.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

std::vector<Message> read(std::string_view items) {
  auto messages = decode_input(Json::parse(items));
  if (!messages) FAIL(messages.error().message);
  return *messages;
}

template <class T>
const T& part(const Message& message, std::size_t index) {
  return std::get<T>(message.parts.at(index).is);
}

}  // namespace

TEST_CASE("reasoning, text and calls that stand together are one message of the assistant's") {
  const auto talk = read(R"([
    {"role":"user","content":"go"},
    {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],
     "encrypted_content":"gAAA"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Looking."}]},
    {"type":"function_call","id":"fc_1","call_id":"c1","name":"look","arguments":"{\"a\":1}"},
    {"type":"function_call","call_id":"c2","name":"look","arguments":""},
    {"type":"function_call_output","call_id":"c1","output":"one"},
    {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"},
      {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
    {"role":"developer","content":"now"}])");
  REQUIRE(talk.size() == 4);
  CHECK(talk[0].role == Role::user);
  CHECK(talk[1].role == Role::assistant);
  REQUIRE(talk[1].parts.size() == 4);
  const auto& thought = part<Reasoning>(talk[1], 0);
  CHECK(thought.text == "a\n\nb");
  CHECK(thought.id == "rs_1");
  CHECK(thought.signature == "gAAA");
  CHECK(thought.origin == Dialect::responses);
  CHECK(thought.summary);
  CHECK_FALSE(thought.redacted);
  CHECK(part<Text>(talk[1], 1).text == "Looking.");
  CHECK(part<ToolCall>(talk[1], 2).id == "c1");
  CHECK(part<ToolCall>(talk[1], 2).arguments == R"({"a":1})");
  CHECK(talk[2].role == Role::tool);
  REQUIRE(talk[2].parts.size() == 2);
  CHECK(part<ToolResult>(talk[2], 1).content.size() == 2);
  CHECK(talk[3].role == Role::developer);
}

TEST_CASE("two messages of the assistant's one after the other stay two") {
  const auto talk = read(R"([{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}])");
  REQUIRE(talk.size() == 2);
  CHECK(part<Text>(talk[1], 0).text == "b");
}

TEST_CASE("pictures, documents and sounds come by their bytes, by address or by id") {
  const auto talk = read(R"([{"role":"user","content":[
    {"type":"input_image","image_url":"https://a.example/i.png","detail":"low"},
    {"type":"input_image","file_id":"file-1"},
    {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"},
    {"type":"input_file","filename":"b.pdf","file_data":"JVBE"},
    {"type":"input_file","file_url":"https://a.example/d.pdf"},
    {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}},
    {"type":"input_hologram","data":"x"}]}])");
  REQUIRE(talk.size() == 1);
  CHECK(part<Media>(talk[0], 0).url == "https://a.example/i.png");
  CHECK(part<Media>(talk[0], 0).detail == "low");
  CHECK(part<Media>(talk[0], 1).file_id == "file-1");
  CHECK(part<Media>(talk[0], 2).type == "application/pdf");
  CHECK(part<Media>(talk[0], 2).data == "JVBE");
  CHECK(part<Media>(talk[0], 2).name == "a.pdf");
  CHECK(part<Media>(talk[0], 3).type == "application/pdf");
  CHECK(part<Media>(talk[0], 4).url == "https://a.example/d.pdf");
  CHECK(part<Media>(talk[0], 5).kind == Media::Kind::audio);
  CHECK(part<Media>(talk[0], 5).type == "audio/wav");
  CHECK(part<Opaque>(talk[0], 6).json["type"] == "input_hologram");
}

TEST_CASE("a foreign seal comes back to its origin, and our id of it is forgotten") {
  const auto talk = read(R"([
    {"type":"reasoning","id":"rs_x","summary":[{"type":"summary_text","text":"hm"}],
     "encrypted_content":"anthropic#EuY"},
    {"type":"reasoning","id":"rs_y","summary":[],"encrypted_content":"anthropic#redacted#Zz"},
    {"type":"reasoning","id":"rs_z","summary":[],"encrypted_content":"gAAA"}])");
  REQUIRE(talk.size() == 1);
  Reasoning sealed, redacted, native;
  sealed.text = "hm";
  sealed.signature = "EuY";
  sealed.origin = redacted.origin = Dialect::anthropic;
  redacted.signature = "Zz";
  redacted.redacted = native.redacted = true;
  native.signature = "gAAA";
  native.id = "rs_z";
  native.origin = Dialect::responses;
  CHECK(part<Reasoning>(talk[0], 0) == sealed);
  CHECK(part<Reasoning>(talk[0], 1) == redacted);
  CHECK(part<Reasoning>(talk[0], 2) == native);
}

TEST_CASE("the seal of a call travels before it or in it") {
  const auto talk = read(R"([
    {"type":"reasoning","summary":[],"encrypted_content":"gemini#call#Sig1"},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
    {"type":"function_call","call_id":"c2","name":"f","arguments":"{}",
     "extra_content":{"google":{"thought_signature":"Sig2"}}},
    {"type":"function_call","call_id":"c3","name":"f","arguments":"{}"}])");
  REQUIRE(talk.size() == 1);
  REQUIRE(talk[0].parts.size() == 3);
  CHECK(part<ToolCall>(talk[0], 0).signature == "Sig1");
  CHECK(part<ToolCall>(talk[0], 1).signature == "Sig2");
  CHECK(part<ToolCall>(talk[0], 2).signature.empty());
}

TEST_CASE("items of built-in tools are kept as they are, the caller's answers among the tools' turns") {
  const auto talk = read(R"([
    {"type":"web_search_call","id":"ws_1","status":"completed"},
    {"type":"custom_tool_call","call_id":"c1","name":"sql","input":"SELECT 1"},
    {"type":"computer_call_output","call_id":"c2","output":{}},
    {"type":"custom_tool_call_output","call_id":"c1","output":"1"},
    {"type":"item_reference","id":"msg_1"}])");
  REQUIRE(talk.size() == 3);
  CHECK(part<Opaque>(talk[0], 0).json["id"] == "ws_1");
  CHECK(part<ToolCall>(talk[0], 1).custom);
  CHECK(part<ToolCall>(talk[0], 1).arguments == "SELECT 1");
  CHECK(talk[1].role == Role::tool);
  CHECK(part<Opaque>(talk[1], 0).json["type"] == "computer_call_output");
  CHECK(part<ToolResult>(talk[1], 1).custom);
  CHECK(part<Opaque>(talk[2], 0).json["type"] == "item_reference");
}

TEST_CASE("annotations of an earlier answer count the bytes of its whole message") {
  const auto talk = read(R"([{"role":"assistant","content":[
    {"type":"output_text","text":"é"},
    {"type":"output_text","text":"üx","annotations":[
      {"type":"url_citation","start_index":1,"end_index":2,"url":"https://a.example","title":"A"}]}]}])");
  const auto& note = part<Text>(talk.at(0), 1).citations.at(0);
  CHECK(note.start == 4);
  CHECK(note.end == 5);
  CHECK(note.origin == Dialect::responses);
}

}  // namespace troupe::dialects::responses
