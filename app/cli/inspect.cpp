#include "app/cli/inspect.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/cli/looks.hpp"
#include "app/cli/node.hpp"

namespace troupe::cli {
namespace {

using Look = std::string (*)(const Json& body, bool color);

int show(const Context& context, std::string target, Look look) {
  const auto answer = ask_admin(context, "GET", of_node(context, std::move(target)));
  if (!answer) return answer.error();
  if (!print_json(context, answer->body)) *context.out << look(answer->body, context.color());
  return done;
}

}  // namespace

int run_actors(const Context& context, const std::string& sort, const std::string& type) {
  return show(context, fmt::format("/actors?sort={}&type={}", encode(sort), encode(type)), actors_table);
}

int run_keys(const Context& context) {
  return show(context, "/keys", keys_table);
}

int run_providers(const Context& context) {
  return show(context, "/providers", providers_table);
}

int run_requests(const Context& context, int limit) {
  return show(context, fmt::format("/requests?limit={}", limit), requests_table);
}

int run_request(const Context& context, const std::string& id) {
  return show(context, "/requests/" + encode(id), request_sheet);
}

int run_explain(const Context& context, const std::string& model, const std::string& file) {
  Json body = Json::object();
  if (!file.empty()) {
    const auto content = read_file(file);
    if (!content) return complain(context, usage, content.error());
    body = Json::parse(*content, nullptr, false);
    if (!body.is_object()) return complain(context, usage, file + " is no JSON object");
  }
  if (!model.empty()) body["model"] = model;
  if (!body.contains("model"))
    return complain(context, usage, "no model: give -m MODEL or a --body with one");
  const auto answer = ask_admin(context, "POST", "/routes/explain", body.dump());
  if (!answer) return answer.error();
  if (!print_json(context, answer->body)) *context.out << explain_sheet(answer->body, context.color());
  return done;
}

int run_drain(const Context& context, bool on) {
  const auto answer = ask_admin(context, "POST", on ? "/drain" : "/undrain");
  if (!answer) return answer.error();
  if (!print_json(context, answer->body) && !context.globals.quiet)
    *context.out << fmt::format("{}, {} in flight\n", text(answer->body, "state"),
                                text(answer->body, "in_flight"));
  return done;
}

}  // namespace troupe::cli
