#include "app/cli/node.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>

namespace troupe::cli {
namespace {

tl::expected<Answer, int> refused(const Context& context, const Reply& reply) {
  const auto said = message_of(reply.body);
  const auto what = fmt::format("the node answered {}{}{}", reply.status, said.empty() ? "" : ": ", said);
  const auto code = exit_of(reply.status);
  return tl::unexpected(
      complain(context, code, what,
               code == unauthorised ? "give the admin token by --token or TROUPE_ADMIN_TOKEN" : ""));
}

bool is_verdict(const Reply& reply, const Json& body) {
  return reply.status == 400 && body.is_object() && body.contains("ok");
}

}  // namespace

int complain(const Context& context, int code, std::string_view message, std::string_view next) {
  *context.err << "troupe: " << message << "\n";
  if (!next.empty() && !context.globals.quiet) *context.err << "  next: " << next << "\n";
  return code;
}

int exit_of(int status) {
  if (status >= 200 && status < 300) return done;
  return status == 401 || status == 403 ? unauthorised : failed;
}

std::string message_of(std::string_view body) {
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  const auto& error = at(json, "error");
  const auto& message = error.is_object() ? at(error, "message") : error;
  return message.is_string() ? message.get<std::string>() : std::string();
}

tl::expected<Answer, int> ask_admin(const Context& context, std::string method, std::string target,
                                    std::string body) {
  Call request;
  request.method = std::move(method);
  request.url = context.globals.admin;
  request.target = std::move(target);
  request.body = std::move(body);
  request.timeout = timeout_of(context.globals);
  if (!context.globals.token.empty())
    request.headers.emplace_back("authorization", "Bearer " + context.globals.token);
  const auto reply = call(request);
  if (!reply)
    return tl::unexpected(complain(context, unreachable, reply.error(),
                                   "is the node running? start it with `troupe serve`, or give --admin URL"));
  auto json = Json::parse(reply->body, nullptr, false);
  if (exit_of(reply->status) != done && !is_verdict(*reply, json)) return refused(context, *reply);
  if (json.is_discarded()) return tl::unexpected(complain(context, failed, "the node's answer is no JSON"));
  return Answer{reply->status, std::move(json)};
}

const Json& at(const Json& object, std::string_view field) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(std::string(field));
  return found == object.end() ? nothing : *found;
}

std::string text(const Json& object, std::string_view field) {
  const auto& value = at(object, field);
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) {
    const auto real = value.get<double>();
    return real == std::floor(real) && std::abs(real) < 1e15 ? fmt::format("{:.0f}", real)
                                                             : fmt::format("{:.2f}", real);
  }
  return value.dump();
}

std::string encode(std::string_view raw) {
  static constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : raw) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter || kPlain.find(c) != kPlain.npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string of_node(const Context& context, std::string target) {
  if (context.globals.node.empty()) return target;
  target += target.find('?') == std::string::npos ? '?' : '&';
  return target + "node=" + encode(context.globals.node);
}

tl::expected<std::string, std::string> read_file(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return tl::unexpected("cannot read " + path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

bool print_json(const Context& context, const Json& body) {
  if (context.globals.json) *context.out << body.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  return context.globals.json;
}

}  // namespace troupe::cli
