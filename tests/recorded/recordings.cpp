#include "tests/recorded/recordings.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace recorded {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* set = std::getenv("TROUPE_FIXTURES");
  return fs::path(set ? set : TROUPE_FIXTURES) / "recorded";
}

std::string str(const Json& from, const char* key) {
  return from.is_object() && from.contains(key) && from[key].is_string() ? from[key].get<std::string>()
                                                                         : std::string();
}

std::int64_t num(const Json& from, const char* key) {
  return from.is_object() && from.contains(key) && from[key].is_number() ? from[key].get<std::int64_t>() : 0;
}

Json sub(const Json& from, const char* key) {
  return from.is_object() && from.contains(key) ? from[key] : Json();
}

Exchange convert(const std::string& provider, const std::string& file, const Json& from) {
  Exchange exchange;
  exchange.provider = provider;
  exchange.file = file;
  exchange.url = from["request"]["url"];
  exchange.request = str(from["request"], "body");
  exchange.head.status = from["response"]["status"];
  for (const auto& [name, value] : from["response"]["headers"].items()) {
    exchange.head.headers.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  exchange.body = str(from["response"], "body");
  return exchange;
}

/// Text that may be Mistral's list of parts.
std::string content_of(const Json& content) {
  if (content.is_string()) return content;
  std::string all;
  if (content.is_array()) {
    for (const auto& part : content) all += str(part, "text");
  }
  return all;
}

std::string reasoning_of(const Json& message) {
  return str(message, "reasoning_content") + str(message, "reasoning");
}

void add_calls(const Json& list, std::vector<Call>& into, bool delta) {
  if (!list.is_array()) return;
  for (const auto& one : list) {
    const auto at = delta ? static_cast<std::size_t>(num(one, "index")) : into.size();
    if (at >= into.size()) into.resize(at + 1);
    const auto function = sub(one, "function");
    into[at].id += str(one, "id");
    into[at].name += str(function, "name");
    into[at].arguments += str(function, "arguments");
  }
}

std::optional<troupe::Usage> openai_usage(const Json& answer) {
  auto from = sub(answer, "usage");
  if (!from.is_object()) from = sub(sub(answer, "x_groq"), "usage");
  if (!from.is_object()) return std::nullopt;
  troupe::Usage usage;
  const auto prompt = num(from, "prompt_tokens"), completion = num(from, "completion_tokens");
  const auto reasoning = num(sub(from, "completion_tokens_details"), "reasoning_tokens");
  usage.input = {prompt};
  usage.output = {completion};
  usage.reasoning = {std::max(reasoning, num(from, "reasoning_tokens"))};
  const auto hit = std::max(
      {num(from, "prompt_cache_hit_tokens"), num(from, "cached_tokens"), num(from, "num_cached_tokens")});
  usage.cached_read = {std::max(hit, num(sub(from, "prompt_tokens_details"), "cached_tokens"))};
  usage.cached_write = {num(sub(from, "prompt_tokens_details"), "cache_write_tokens")};
  if (num(from, "total_tokens") > prompt + completion) usage.output += usage.reasoning;
  // Some recordings contradict themselves (more cached than sent, more reasoned than answered): a part is
  // never more than the whole.
  usage.cached_read = std::min(usage.cached_read, usage.input);
  usage.cached_write = std::min(usage.cached_write, usage.input - usage.cached_read);
  usage.reasoning = std::min(usage.reasoning, usage.output);
  return usage;
}

void add_choices(const Json& answer, const char* where, Story& story) {
  const auto choices = sub(answer, "choices");
  if (!choices.is_array()) return;
  for (const auto& choice : choices) {
    const int index = static_cast<int>(num(choice, "index"));
    const auto message = sub(choice, where);
    story.text[index] += content_of(sub(message, "content"));
    story.reasoning[index] += reasoning_of(message);
    add_calls(sub(message, "tool_calls"), story.calls[index], std::string(where) == "delta");
    const auto finish = sub(choice, "finish_reason");
    if (!finish.is_null())
      story.finish[index] = finish.is_string() ? finish.get<std::string>() : finish.dump();
  }
}

std::string finish_word(const std::string& stop) {
  static const std::map<std::string, std::string> words{
      {"max_tokens", "length"}, {"tool_use", "tool_calls"}, {"refusal", "content_filter"}};
  const auto at = words.find(stop);
  return at == words.end() ? "stop" : at->second;
}

void merge(Json& into, const Json& from) {
  if (!from.is_object()) return;
  for (const auto& [key, value] : from.items()) {
    if (!value.is_null()) into[key] = value;
  }
}

troupe::Usage anthropic_usage(const Json& from) {
  troupe::Usage usage;
  usage.cached_read = {num(from, "cache_read_input_tokens")};
  usage.cached_write = {num(from, "cache_creation_input_tokens")};
  usage.cached_write_1h = {num(sub(from, "cache_creation"), "ephemeral_1h_input_tokens")};
  usage.input = troupe::Tokens{num(from, "input_tokens")} + usage.cached_read + usage.cached_write;
  usage.output = {num(from, "output_tokens")};
  usage.reasoning = {num(sub(from, "output_tokens_details"), "thinking_tokens")};
  return usage;
}

}  // namespace

std::vector<Loose> loose_answers(const std::string& provider) {
  std::vector<Loose> out;
  const auto where = folder() / provider / "response-only";
  if (!fs::is_directory(where)) return out;
  for (const auto& entry : fs::directory_iterator(where)) {
    std::ifstream in(entry.path());
    std::string text{std::istreambuf_iterator<char>(in), {}};
    Loose loose{provider + "/" + entry.path().filename().string(), std::move(text),
                entry.path().extension() != ".json"};
    if (entry.path().extension() == ".txt") {
      std::string stream;
      std::istringstream lines(loose.body);
      for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) stream += "data: " + line + "\n\n";
      }
      loose.body = stream;
    }
    out.push_back(std::move(loose));
  }
  std::sort(out.begin(), out.end(), [](const Loose& a, const Loose& b) { return a.file < b.file; });
  return out;
}

bool Exchange::stream() const {
  const auto start = body.find_first_not_of(" \r\n");
  return start != std::string::npos && body[start] != '{' && body[start] != '[' && body[start] != '<';
}

bool present() {
  if (fs::is_directory(folder())) return true;
  std::cout << "skipped: no recordings at " << folder() << "; set TROUPE_FIXTURES\n";
  return false;
}

std::vector<Exchange> exchanges(const std::string& provider, const std::string& path) {
  std::vector<Exchange> out;
  if (!fs::is_directory(folder() / provider)) return out;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder() / provider)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    const auto document = Json::parse(in);
    for (const auto& exchange : document["exchanges"]) {
      auto one = convert(provider, file.filename().string(), exchange);
      const auto url = one.url.substr(0, one.url.find('?'));
      const bool ends =
          url.size() >= path.size() && url.compare(url.size() - path.size(), path.size(), path) == 0;
      if (ends) out.push_back(std::move(one));
    }
  }
  return out;
}

std::vector<std::string> data_of(const std::string& stream) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size();) {
    const auto end = std::min(stream.find('\n', at), stream.size());
    auto line = stream.substr(at, end - at);
    at = end + 1;
    if (line.rfind("data:", 0) != 0) continue;
    line.erase(0, line.rfind("data: ", 0) == 0 ? 6 : 5);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    out.push_back(line);
  }
  return out;
}

Story read_openai(const Json& answer) {
  Story story;
  add_choices(answer, "message", story);
  story.usage = openai_usage(answer);
  story.done = true;
  return story;
}

Story read_openai_stream(const std::string& stream) {
  Story story;
  for (const auto& data : data_of(stream)) {
    if (data == "[DONE]") {
      story.done = true;
      continue;
    }
    const auto chunk = Json::parse(data);
    if (const auto error = sub(chunk, "error"); !error.is_null()) story.error = str(error, "message");
    add_choices(chunk, "delta", story);
    if (auto usage = openai_usage(chunk)) story.usage = usage;
  }
  return story;
}

Story read_anthropic(const Json& message) {
  Story story;
  for (const auto& block : message["content"]) {
    const auto type = str(block, "type");
    if (type == "text") story.text[0] += str(block, "text");
    if (type == "thinking") story.reasoning[0] += str(block, "thinking");
    if (type == "tool_use")
      story.calls[0].push_back({str(block, "id"), str(block, "name"), block["input"].dump()});
  }
  story.finish[0] = finish_word(str(message, "stop_reason"));
  story.usage = anthropic_usage(message["usage"]);
  story.done = true;
  return story;
}

Story read_anthropic_stream(const std::string& stream) {
  Story story;
  Json usage;
  std::map<std::int64_t, std::size_t> tools;
  for (const auto& data : data_of(stream)) {
    const auto event = Json::parse(data);
    const auto type = str(event, "type");
    const auto delta = sub(event, "delta");
    const auto index = num(event, "index");
    auto& calls = story.calls[0];
    if (type == "message_start") merge(usage, sub(event["message"], "usage"));
    if (type == "content_block_start" && str(event["content_block"], "type") == "tool_use") {
      tools[index] = calls.size();
      calls.push_back({str(event["content_block"], "id"), str(event["content_block"], "name"), ""});
    }
    story.text[0] += str(delta, "text");
    story.reasoning[0] += str(delta, "thinking");
    if (tools.count(index)) calls[tools[index]].arguments += str(delta, "partial_json");
    if (type == "message_delta") {
      merge(usage, sub(event, "usage"));
      story.finish[0] = finish_word(str(delta, "stop_reason"));
    }
    story.done = story.done || type == "message_stop";
  }
  story.usage = anthropic_usage(usage);
  return story;
}

}  // namespace recorded
