#include "app/cli/cluster_verbs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "app/cli/cluster_looks.hpp"
#include "app/cli/node.hpp"
#include "cluster/link/certs.hpp"

namespace troupe::cli {
namespace {

using Look = std::string (*)(const Json& body, bool color);

int show(const Context& context, const char* target, Look look) {
  const auto answer = ask_admin(context, "GET", of_node(context, target));
  if (!answer) return answer.error();
  if (!print_json(context, answer->body)) *context.out << look(answer->body, context.color());
  return done;
}

int certs_report(const Context& context, const std::string& dir, const Json& made, std::size_t wanted) {
  if (!print_json(context, {{"dir", dir}, {"made", made}}) && !context.globals.quiet)
    for (const auto& file : made) *context.out << "made " << file.get<std::string>() << "\n";
  if (wanted == 0) return done;
  return made.empty() ? failed : partly;
}

}  // namespace

int run_members(const Context& context) {
  return show(context, "/cluster", members_table);
}

int run_shares(const Context& context) {
  return show(context, "/cluster/shares", shares_table);
}

int run_leave(const Context& context) {
  const auto answer = ask_admin(context, "POST", "/drain");
  if (!answer) return answer.error();
  if (print_json(context, answer->body) || context.globals.quiet) return done;
  *context.out << fmt::format("{}, {} in flight\n", text(answer->body, "state"),
                              text(answer->body, "in_flight"))
               << "next: when the balancer has noticed, SIGTERM ends the process: it finishes what is in "
                  "flight, gives its permits back and leaves. `troupe cluster undrain` takes it back.\n";
  return done;
}

int run_certs(const Context& context, const std::string& dir, const std::vector<std::string>& names,
              WallTime now) {
  const std::filesystem::path place(dir);
  const link::CertOptions options{now};
  auto made = Json::array();
  if (!std::filesystem::exists(place / "ca.pem")) {
    if (const auto ca = link::make_ca(place, options); !ca)
      return complain(context, failed, ca.error().message);
    made.push_back((place / "ca.pem").string());
  }
  std::size_t missing = 0;
  for (const auto& name : names) {
    const auto node = link::make_node_cert(place, name, options);
    if (node) {
      made.push_back((place / (name + ".pem")).string());
    } else {
      ++missing;
      complain(context, failed, node.error().message);
    }
  }
  return certs_report(context, dir, made, missing);
}

}  // namespace troupe::cli
