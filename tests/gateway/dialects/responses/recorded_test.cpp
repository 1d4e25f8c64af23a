// Every recorded request, answer and stream of this dialect, whoever gave it. Skipped with a word where the
// recordings are absent (TROUPE_FIXTURES, else ../shared/fixtures beside the sources).
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>

#include "gateway/dialects/responses/codec.hpp"
#include "tests/gateway/dialects/responses/events_of.hpp"
#include "tests/gateway/dialects/support/recorded.hpp"

namespace troupe::dialects::responses {
namespace {

namespace fs = std::filesystem;

struct Recording {
  std::string file, request, answer;  ///< "" = none
};

std::string contents(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

bool is_ours(const Json& answer) {
  return text(answer, "object") == "response" || text(answer, "type").starts_with("response.");
}

/// Bodies alone: a JSON document, a raw stream, or one event a line.
void add_body(const fs::path& path, std::vector<Recording>& out) {
  auto body = contents(path);
  if (path.string().ends_with(".chunks.txt")) {
    body = testing::as_events(body);
  }
  const auto at = body.find("data:");
  const bool stream = at != body.npos && body.find("\"response.created\"") != body.npos;
  if (stream || is_ours(Json::parse(body, nullptr, false))) out.push_back({path.filename(), "", body});
}

void add_exchanges(const fs::path& path, std::vector<Recording>& out) {
  const auto document = Json::parse(contents(path));
  for (const auto& exchange : document["exchanges"]) {
    const auto url = text(exchange["request"], "url");
    const auto path_of = url.substr(0, url.find('?'));
    const int status = exchange["response"]["status"];
    if (!path_of.ends_with("/responses") || text(exchange["request"], "method") != "POST") continue;
    if (status < 200 || status > 299) continue;
    out.push_back({path.filename(), text(exchange["request"], "body"), text(exchange["response"], "body")});
  }
}

const std::vector<Recording>& recordings() {
  static const auto all = [] {
    std::vector<Recording> out;
    if (!fs::is_directory(testing::recordings())) {
      std::cout << "skipped: no recordings at " << testing::recordings() << "; set TROUPE_FIXTURES\n";
      return out;
    }
    for (const auto& entry : fs::recursive_directory_iterator(testing::recordings())) {
      const auto& path = entry.path();
      if (!entry.is_regular_file()) continue;
      if (path.parent_path().filename() == "response-only") {
        add_body(path, out);
      } else if (path.extension() == ".json") {
        add_exchanges(path, out);
      }
    }
    return out;
  }();
  return all;
}

bool streamed(const Recording& recording) {
  return !recording.answer.starts_with("{") && recording.answer.find("data:") != std::string::npos;
}

/// What matters of an answer, read straight from its response object.
struct Gist {
  std::string text, thoughts, seals, refusals;
  std::vector<std::string> calls;
  std::size_t notes = 0, others = 0;
  Usage usage;
};

void add_item(const Json& item, Gist& out) {
  const auto type = text(item, "type");
  if (type == "message") {
    for (const auto& part : item["content"]) {
      out.text += text(part, "text");
      out.refusals += text(part, "refusal");
      if (part.contains("annotations")) out.notes += part["annotations"].size();
    }
  } else if (type == "function_call" || type == "custom_tool_call") {
    out.calls.push_back(text(item, "call_id") + " " + text(item, "name") + " " + text(item, "arguments") +
                        text(item, "input"));
  } else if (type == "reasoning") {
    const auto* plain = member(item, "content");
    for (const auto& part : plain && !plain->empty() ? *plain : item["summary"])
      out.thoughts += text(part, "text");
    out.seals += text(item, "encrypted_content");
  } else {
    ++out.others;
  }
}

Gist gist_of(const Json& response) {
  Gist out;
  for (const auto& item : response["output"]) add_item(item, out);
  const auto* usage = member(response, "usage");
  if (!usage) return out;
  out.usage.input = {whole(*usage, "input_tokens").value_or(0)};
  out.usage.output = {whole(*usage, "output_tokens").value_or(0)};
  const auto* inputs = member(*usage, "input_tokens_details");
  const auto* outputs = member(*usage, "output_tokens_details");
  if (inputs) out.usage.cached_read = {whole(*inputs, "cached_tokens").value_or(0)};
  if (inputs) out.usage.cached_write = {whole(*inputs, "cache_write_tokens").value_or(0)};
  if (outputs) out.usage.reasoning = {whole(*outputs, "reasoning_tokens").value_or(0)};
  return out;
}

/// The same of what we made of it. Paragraphs are joined by empty lines there.
Gist gist_of(const Reply& reply) {
  Gist out;
  for (const auto& part : reply.parts) {
    if (const auto* said = std::get_if<Text>(&part.is)) {
      out.text += said->text;
      out.notes += said->citations.size();
    } else if (const auto* call = std::get_if<ToolCall>(&part.is)) {
      out.calls.push_back(call->id + " " + call->name + " " + call->arguments);
    } else if (const auto* thought = std::get_if<Reasoning>(&part.is)) {
      out.thoughts += thought->text;
      out.seals += thought->signature;
    } else if (const auto* refusal = std::get_if<Refusal>(&part.is)) {
      out.refusals += refusal->text;
    } else {
      ++out.others;
    }
  }
  if (reply.usage) out.usage = *reply.usage;
  return out;
}

std::string unspaced(std::string text) {
  std::erase(text, '\n');
  return text;
}

void compare(Gist heard, Gist said) {
  heard.thoughts = unspaced(heard.thoughts);
  said.thoughts = unspaced(said.thoughts);
  CHECK(heard.text == said.text);
  CHECK(heard.thoughts == said.thoughts);
  CHECK(heard.refusals == said.refusals);
  CHECK(heard.seals == said.seals);
  CHECK(heard.calls == said.calls);
  CHECK(heard.notes == said.notes);
  CHECK(heard.others == said.others);
  CHECK(heard.usage == said.usage);
}

/// The same, straight from the events of a stream: its finished items, as seals are made anew for the last
/// event, and its pieces of text. nullopt when it has no end.
std::optional<Gist> gist_of(const std::string& stream) {
  Gist items;
  std::optional<Gist> out;
  std::string pieces;
  std::istringstream lines(stream);
  std::string line;
  while (std::getline(lines, line)) {
    const auto event = line.starts_with("data:") ? Json::parse(line.substr(5), nullptr, false) : Json();
    const auto type = text(event, "type");
    if (type == "response.output_item.done") add_item(event["item"], items);
    if (type == "response.output_text.delta") pieces += text(event, "delta");
    if (type != "response.completed" && type != "response.incomplete") continue;
    out = items;
    out->usage = gist_of(event["response"]).usage;
    if (!pieces.empty()) out->text = pieces;
  }
  return out;
}

}  // namespace

TEST_CASE("every recorded Responses request is read, and written again means the same") {
  std::size_t count = 0;
  for (const auto& recording : recordings()) {
    if (recording.request.empty()) continue;
    INFO(recording.file);
    const auto talk = codec().decode_request(recording.request);
    if (!talk) FAIL(talk.error().message);
    const auto body = codec().encode_request(*talk, {talk->model, "openai", false});
    if (!body) FAIL(body.error().message);
    const auto again = codec().decode_request(*body);
    REQUIRE(again);
    CHECK(*again == *talk);
    const auto said = Json::parse(recording.request), written = Json::parse(*body);
    for (const auto& [name, value] : said.items()) {
      if (value.is_null() || name == "input" || name == "instructions" || (value.is_array() && value.empty()))
        continue;
      if (name == "tools" || name == "reasoning" || name == "stream") continue;  // unknown members, nulls
      INFO(name);
      REQUIRE(written.contains(name));
      if (name != "text") CHECK(written[name] == value);
    }
    ++count;
  }
  std::cout << "recorded Responses requests: " << count << "\n";
}

TEST_CASE("every recorded response is read whole, and written again says the same") {
  std::size_t count = 0;
  for (const auto& recording : recordings()) {
    if (recording.answer.empty() || streamed(recording)) continue;
    INFO(recording.file);
    const auto reply = codec().decode_reply(recording.answer);
    if (!reply) FAIL(reply.error().message);
    const auto said = Json::parse(recording.answer);
    compare(gist_of(*reply), gist_of(said));
    CHECK(reply->finish != Finish::unknown);
    CHECK(reply->model == text(said, "model"));
    const auto written = Json::parse(codec().encode_reply(*reply, {"r", "m", 1, false, nullptr}));
    compare(gist_of(*reply), gist_of(written));
    CHECK(written["status"] == said["status"]);
    CHECK(codec().decode_reply(written.dump())->parts.size() == reply->parts.size());
    ++count;
  }
  std::cout << "recorded responses: " << count << "\n";
}

TEST_CASE("every recorded stream of responses is heard whole, and streamed again says the same") {
  std::size_t count = 0, failed = 0;
  for (const auto& recording : recordings()) {
    if (!streamed(recording)) continue;
    INFO(recording.file);
    const auto said = gist_of(recording.answer);
    const auto heard = hear(recording.answer, 997);
    if (!said) {
      CHECK(heard.failure);
      ++failed;
      continue;
    }
    CHECK(heard.ended);
    compare(gist_of(heard.reply), *said);
    const auto encoder = codec().stream_encoder({"r", "m", 1, false, nullptr});
    play(heard.reply, *encoder);
    const auto again = hear(encoder->out, 61);
    compare(gist_of(again.reply), gist_of(heard.reply));
    CHECK(again.reply.finish == heard.reply.finish);
    compare(gist_of(events_of(encoder->out).back()["response"]), gist_of(heard.reply));
    ++count;
  }
  std::cout << "recorded streams of responses: " << count << ", failed ones: " << failed << "\n";
}

}  // namespace troupe::dialects::responses
