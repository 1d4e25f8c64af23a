#include "app/cli/chat.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

Call api_call(const Context& context, const std::string& key, std::string method, std::string target) {
  Call out;
  out.method = std::move(method);
  out.url = context.globals.api;
  out.target = std::move(target);
  out.timeout = timeout_of(context.globals);
  if (!key.empty()) out.headers.emplace_back("authorization", "Bearer " + key);
  return out;
}

int no_answer(const Context& context, const std::string& why) {
  return complain(context, unreachable, why,
                  "is the node running? start it with `troupe serve`, or give --api URL");
}

std::string next_step(int status) {
  if (status == 401 || status == 403) return "give a virtual key by --key or TROUPE_API_KEY";
  if (status == 404) return "see what there is with `troupe models`";
  return status == 429 || status == 503 ? "see why with `troupe keys` and `troupe route explain -m MODEL`"
                                        : "";
}

int refused(const Context& context, const Reply& reply) {
  const auto said = message_of(reply.body);
  return complain(context, exit_of(reply.status),
                  fmt::format("{} {}", reply.status, said.empty() ? "without a reason" : said),
                  next_step(reply.status));
}

void tell_route(const Context& context, const Reply& reply, const Json& usage) {
  if (context.globals.verbose == 0) return;
  std::string out;
  for (const char* name :
       {"x-request-id", "x-troupe-provider", "x-troupe-model", "x-troupe-key", "x-troupe-attempts",
        "x-troupe-route", "x-troupe-overhead-ms", "x-troupe-cost-usd"})
    if (const auto value = reply.header(name); !value.empty()) out += fmt::format("{}: {}\n", name, value);
  if (usage.is_object())
    out += fmt::format("tokens: {} in, {} out\n", text(usage, "prompt_tokens"),
                       text(usage, "completion_tokens"));
  *context.err << paint(out, Paint::dim, context.color());
}

tl::expected<Json, int> models_of(const Context& context, const std::string& key) {
  const auto reply = call(api_call(context, key, "GET", "/v1/models"));
  if (!reply) return tl::unexpected(no_answer(context, reply.error()));
  if (reply->status != 200) return tl::unexpected(refused(context, *reply));
  auto body = Json::parse(reply->body, nullptr, false);
  if (!at(body, "data").is_array())
    return tl::unexpected(complain(context, failed, "the node's list of models is no list"));
  return body;
}

/// Fills the model with the first one offered where none was given.
int choose_model(const Context& context, ChatOptions& options) {
  if (!options.model.empty()) return done;
  const auto body = models_of(context, options.key);
  if (!body) return body.error();
  const auto& all = at(*body, "data");
  if (all.empty())
    return complain(context, failed, "the node offers no model", "name one with -m provider/model");
  options.model = text(all.front(), "id");
  return done;
}

void print_choice(const Context& context, const Json& body) {
  const auto& choices = at(body, "choices");
  if (!choices.is_array() || choices.empty()) return;
  const auto& message = at(choices.front(), "message");
  if (at(message, "content").is_string()) *context.out << at(message, "content").get<std::string>() << "\n";
  if (const auto& tools = at(message, "tool_calls"); tools.is_array()) *context.out << tools.dump(2) << "\n";
}

int chat_whole(const Context& context, const Call& request) {
  const auto reply = call(request);
  if (!reply) return no_answer(context, reply.error());
  if (reply->status != 200) return refused(context, *reply);
  const auto body = Json::parse(reply->body, nullptr, false);
  if (body.is_discarded()) return complain(context, failed, "the answer was cut off, or is no JSON");
  if (!print_json(context, body)) print_choice(context, body);
  tell_route(context, *reply, at(body, "usage"));
  return done;
}

/// What a stream has said so far.
struct Heard {
  std::string error;
  Json usage;
  bool end = false;
};

void hear(const Context& context, Heard& heard, std::string_view line) {
  auto said = read_stream_line(line);
  if (context.globals.json && !line.empty()) *context.out << line << "\n";
  if (!context.globals.json) *context.out << said.text;
  context.out->flush();
  if (!said.error.empty()) heard.error = std::move(said.error);
  if (!said.usage.is_null()) heard.usage = std::move(said.usage);
  heard.end = heard.end || said.end;
}

int chat_stream(const Context& context, const Call& request) {
  Heard heard;
  const auto reply = call(request, [&](std::string_view line) { hear(context, heard, line); });
  if (!reply) return no_answer(context, reply.error());
  if (reply->status != 200) return refused(context, *reply);
  if (!context.globals.json) *context.out << "\n";
  tell_route(context, *reply, heard.usage);
  if (!heard.error.empty()) return complain(context, failed, "the stream failed: " + heard.error);
  return heard.end ? static_cast<int>(done)
                   : complain(context, failed, "the stream was cut off before its end");
}

}  // namespace

Json chat_body(const ChatOptions& options) {
  Json messages = Json::array();
  if (!options.system.empty()) messages.push_back({{"role", "system"}, {"content", options.system}});
  messages.push_back({{"role", "user"}, {"content", options.prompt}});
  Json body{{"model", options.model}, {"messages", std::move(messages)}};
  if (options.stream) body.update({{"stream", true}, {"stream_options", {{"include_usage", true}}}});
  return body;
}

StreamLine read_stream_line(std::string_view line) {
  StreamLine out;
  if (!line.starts_with("data:")) return out;
  line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
  out.end = line == "[DONE]";
  const auto json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return out;
  if (json.contains("error")) out.error = message_of(line).empty() ? "without a reason" : message_of(line);
  if (at(json, "usage").is_object()) out.usage = at(json, "usage");
  const auto& choices = at(json, "choices");
  if (!choices.is_array() || choices.empty()) return out;
  const auto& content = at(at(choices.front(), "delta"), "content");
  if (content.is_string()) out.text = content.get<std::string>();
  return out;
}

int run_chat(const Context& context, ChatOptions options) {
  if (options.prompt == "-") options.prompt = read_file("-").value_or("");
  if (const int code = choose_model(context, options); code != done) return code;
  auto request = api_call(context, options.key, "POST", "/v1/chat/completions");
  request.headers.emplace_back("content-type", "application/json");
  request.body = chat_body(options).dump(-1, ' ', false, Json::error_handler_t::replace);
  return options.stream ? chat_stream(context, request) : chat_whole(context, request);
}

int run_models(const Context& context, const std::string& key) {
  const auto body = models_of(context, key);
  if (!body) return body.error();
  if (print_json(context, *body)) return done;
  Table table({"MODEL", "OWNED BY"});
  for (const auto& model : at(*body, "data")) table.add({text(model, "id"), text(model, "owned_by")});
  *context.out << table.render(context.color(), 80);
  return done;
}

}  // namespace troupe::cli
