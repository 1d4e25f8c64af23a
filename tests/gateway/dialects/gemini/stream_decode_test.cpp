// What the stream of streamGenerateContent means.
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/gemini/codec.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Heard {
  Reply reply;
  bool ended = false;
  std::optional<StreamFailure> failure;
};

Heard hear(std::string_view stream, std::size_t piece = 100'000) {
  const auto decoder = gemini::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    const std::string bytes(stream.substr(at, piece));
    decoder->feed(bytes, collector);
  }
  decoder->close(collector);
  return {collector.take(), decoder->ended, decoder->failure};
}

std::string event(std::string_view json) {
  return "data: " + std::string(json) + "\r\n\r\n";
}

/// One candidate's members.
std::string chunk(const std::string& candidate, const std::string& more = "") {
  return event(R"({"candidates":[{)" + candidate + "}]" + more +
               R"(,"responseId":"r1","modelVersion":"gemini-x"})");
}

std::string parts(const std::string& list, const std::string& more = "") {
  return chunk(R"("content":{"role":"model","parts":[)" + list + "]}" + more);
}

const std::string kStop = chunk(R"("finishReason":"STOP","index":0)");

template <class T>
const T& part(const Reply& reply, std::size_t at) {
  REQUIRE(at < reply.parts.size());
  REQUIRE(std::holds_alternative<T>(reply.parts[at].is));
  return std::get<T>(reply.parts[at].is);
}

}  // namespace

TEST_CASE("texts are joined, and the last counts of tokens hold") {
  const auto good =
      chunk(R"("content":{"parts":[{"text":"Hel"}]})",
            R"(,"usageMetadata":{"promptTokenCount":7},"createTime":"1970-01-02T00:00:01.5Z")") +
      chunk(R"("content":{"parts":[{"text":"lo"}]},"finishReason":"STOP")",
            R"(,"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3,)"
            R"("thoughtsTokenCount":20,"toolUsePromptTokenCount":5,"cachedContentTokenCount":4})");
  for (std::size_t piece = 1; piece < 40; ++piece) {
    const auto told = hear(good, piece);
    REQUIRE(told.ended);
    CHECK(told.reply.id == "r1");
    CHECK(told.reply.model == "gemini-x");
    CHECK(told.reply.created == 86'401);
    CHECK(part<Text>(told.reply, 0).text == "Hello");
    CHECK(told.reply.finish == Finish::stop);
    CHECK(told.reply.usage == Usage{{12}, {23}, {4}, {0}, {20}, {0}, false});
  }
}

TEST_CASE("a stream that closes before its finish is cut") {
  const auto heard = hear(parts(R"({"text":"a"})"));
  CHECK_FALSE(heard.ended);
  REQUIRE(heard.failure);
  CHECK(heard.failure->kind == StreamFailure::Kind::cut);
}

TEST_CASE("a stream whose blank lines were lost is read line by line, and a torn line is cut off") {
  std::string stream = parts(R"({"text":"a"})") + parts(R"({"text":"b"})") + kStop;
  for (std::size_t at = 0; (at = stream.find("\r\n\r\n", at)) != stream.npos;) stream.replace(at, 4, "\n");
  for (const std::size_t piece : {1, 5, 1000}) {
    const auto heard = hear(stream, piece);
    REQUIRE(heard.ended);
    CHECK(part<Text>(heard.reply, 0).text == "ab");
  }
  const auto torn = hear(stream + "data: {\"candidates\":[");
  CHECK(torn.ended);
  CHECK(hear("data: {\"cand").failure->kind == StreamFailure::Kind::cut);
}

TEST_CASE("calls get ids that are unique within the answer, and end it as calls") {
  const auto heard =
      hear(parts(R"({"functionCall":{"name":"a","args":{"x":[1,"é"]}},"thoughtSignature":"S"},)"
                 R"({"functionCall":{"name":"b"}},{"functionCall":{"name":"c","id":"own","args":{}}})") +
           kStop);
  REQUIRE(heard.ended);
  const auto& first = part<ToolCall>(heard.reply, 0);
  CHECK(first.id == "call_r1_0");
  CHECK(first.name == "a");
  CHECK(first.arguments == R"({"x":[1,"é"]})");
  CHECK(first.signature == "S");
  CHECK(part<ToolCall>(heard.reply, 1).id == "call_r1_1");
  CHECK(part<ToolCall>(heard.reply, 1).arguments == "{}");
  CHECK(part<ToolCall>(heard.reply, 2).id == "own");
  CHECK(heard.reply.finish == Finish::tools);
}

TEST_CASE("arguments that come value by value are put together") {
  const auto open = parts(R"({"functionCall":{"name":"a","willContinue":true},"thoughtSignature":"S"})");
  const auto values =
      parts(R"({"functionCall":{"partialArgs":[{"jsonPath":"$.list[1].name","stringValue":"ap",)"
            R"("willContinue":true}],"willContinue":true}})") +
      parts(R"({"functionCall":{"partialArgs":[{"jsonPath":"$.list[1].name","stringValue":"ple"},)"
            R"({"jsonPath":"$['n']","numberValue":2},{"jsonPath":"$.b","boolValue":true},)"
            R"({"jsonPath":"$.list[999999999]","stringValue":"no"},{"jsonPath":"$.z","nullValue":null},)"
            R"({"jsonPath":"nowhere","stringValue":"no"}],"willContinue":true}})");
  for (const auto* end : {R"({"functionCall":{}})", R"({"text":""})"}) {
    const auto heard = hear(open + values + parts(end) + kStop);
    REQUIRE(heard.ended);
    REQUIRE(heard.reply.parts.size() == 1);
    CHECK(part<ToolCall>(heard.reply, 0).arguments ==
          R"({"b":true,"list":[null,{"name":"apple"}],"n":2,"z":null})");
    CHECK(part<ToolCall>(heard.reply, 0).signature == "S");
  }
}

TEST_CASE("thoughts keep their seals, and so do texts") {
  const auto heard =
      hear(parts(R"({"text":"hm","thought":true},{"text":"","thought":true,"thoughtSignature":"T"},)"
                 R"({"text":"yes"})") +
           parts(R"({"text":"","thoughtSignature":"S"})") + kStop);
  REQUIRE(heard.reply.parts.size() == 3);
  const auto& thought = part<Reasoning>(heard.reply, 0);
  CHECK(thought.text == "hm");
  CHECK(thought.signature == "T");
  CHECK(thought.origin == Dialect::gemini);
  CHECK_FALSE(thought.redacted);
  CHECK(part<Text>(heard.reply, 1).text == "yes");
  CHECK(part<Reasoning>(heard.reply, 2).signature == "S");
  CHECK(part<Reasoning>(heard.reply, 2).redacted);
}

TEST_CASE("a prompt that was refused is an answer that was filtered, with the reason") {
  const auto heard =
      hear(event(R"({"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"because"}})"));
  REQUIRE(heard.ended);
  CHECK(heard.reply.parts.empty());
  CHECK(heard.reply.finish == Finish::filtered);
  CHECK(heard.reply.finish_detail == "because");
  CHECK(hear(event(R"({"promptFeedback":{"blockReason":"OTHER"}})")).reply.finish_detail == "OTHER");
}

TEST_CASE("words for the end are known, by name and by number, and new ones are told as they are") {
  const auto finish = [](const std::string& word) { return hear(chunk("\"finishReason\":" + word)).reply; };
  CHECK(finish("\"MAX_TOKENS\"").finish == Finish::length);
  CHECK(finish("2").finish == Finish::length);
  CHECK(finish("1").finish == Finish::stop);
  CHECK(finish("77").finish == Finish::unknown);
  CHECK(finish("\"RECITATION\"").finish == Finish::filtered);
  CHECK(finish("\"RECITATION\"").finish_detail == "RECITATION");
  CHECK(finish("\"MALFORMED_FUNCTION_CALL\",\"finishMessage\":\"bad\"").finish == Finish::failed);
  CHECK(finish("\"MALFORMED_FUNCTION_CALL\",\"finishMessage\":\"bad\"").finish_detail == "bad");
  CHECK(finish("\"NEW_WORD\"").finish == Finish::unknown);
  CHECK(finish("\"NEW_WORD\"").finish_detail == "NEW_WORD");
}

TEST_CASE("sources are told once, with the words that rest on them") {
  const std::string grounding =
      R"(,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://a","title":"A"}},{"web":{"uri":"https://b"}}],)"
      R"("groundingSupports":[{"segment":{"endIndex":3,"text":"yes"},"groundingChunkIndices":[0,9]}]})";
  const auto heard = hear(parts(R"({"text":"yes","thoughtSignature":"S"})", grounding) +
                          parts(R"({"text":""})", grounding) + kStop);
  const auto& said = part<Text>(heard.reply, 0);
  REQUIRE(said.citations.size() == 2);
  CHECK(said.citations[0] == Citation{"https://a", "A", "yes", 0, 3, Dialect::gemini, nullptr});
  CHECK(said.citations[1].url == "https://b");
  CHECK(part<Reasoning>(heard.reply, 1).signature == "S");
  const auto cited = hear(
      parts(R"({"text":"x"})", R"(,"citationMetadata":{"citationSources":[{"endIndex":1,"uri":"u"},{}]})") +
      kStop);
  CHECK(part<Text>(cited.reply, 0).citations.size() == 1);
}

TEST_CASE("parts that only Google knows are kept as they are") {
  const auto heard = hear(parts(R"({"inlineData":{"mimeType":"image/png","data":"AA"}})") + kStop);
  CHECK(part<Opaque>(heard.reply, 0).origin == Dialect::gemini);
  CHECK(part<Opaque>(heard.reply, 0).json["inlineData"]["data"] == "AA");
}

TEST_CASE("an error is an error as an event, bare between events, and in an array, however it is cut") {
  const std::string error = "{\n  \"error\": {\n    \"code\": 499,\n    \"status\": \"CANCELLED\"\n  }\n}\n";
  const auto before = parts(R"({"text":"a"})", R"(,"finishReason":"STOP")");
  for (const auto& stream :
       {before + event(R"({"error":{"code":499,"status":"CANCELLED"}})"), before + error, "[" + error + "]",
        before + event(R"([{"error":{"code":499,"status":"CANCELLED"}}])")}) {
    for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
      const auto heard = hear(stream, piece);
      CHECK_FALSE(heard.ended);
      REQUIRE(heard.failure);
      CHECK(heard.failure->kind == StreamFailure::Kind::error);
      CHECK(heard.failure->body == R"({"error":{"code":499,"status":"CANCELLED"}})");
    }
  }
}

TEST_CASE("hostile streams neither crash nor pass for answers") {
  CHECK(hear(event("{]")).failure->kind == StreamFailure::Kind::malformed);
  CHECK(hear(event("7")).failure->kind == StreamFailure::Kind::malformed);
  CHECK(hear(event(std::string(5000, '['))).failure->kind == StreamFailure::Kind::malformed);
  CHECK(hear("{" + std::string(5000, '[')).failure->kind == StreamFailure::Kind::malformed);
  for (const auto* odd :
       {R"({"candidates":7})", R"({"candidates":[7,{"content":7},{"content":{"parts":{}}}]})",
        R"({"candidates":[{"content":{"parts":[7,{},{"text":7},{"functionCall":{}},)"
        R"({"functionCall":{"name":7,"args":[]}}]},"finishReason":[]}]})",
        R"({"usageMetadata":[],"promptFeedback":{"blockReason":7}})",
        R"({"candidates":[{"groundingMetadata":{"groundingChunks":[7],"groundingSupports":[{}]}}]})"}) {
    const auto heard = hear(event(odd) + kStop);
    INFO(odd);
    CHECK(heard.ended);
  }
}
