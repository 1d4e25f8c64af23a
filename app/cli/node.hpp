#pragma once
// Asking a running node.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "app/cli/client.hpp"
#include "app/cli/context.hpp"

namespace troupe::cli {

using Json = nlohmann::ordered_json;

/// Prints "troupe: message" and, where there is one, the next step. Returns `code`.
int complain(const Context& context, int code, std::string_view message, std::string_view next = {});

/// The exit code for an answer: 0 for 2xx, 5 for 401 and 403, else 1.
int exit_of(int status);

/// What an error body says (OpenAI's, Anthropic's or the admin port's shape); "" when it says nothing.
std::string message_of(std::string_view body);

struct Answer {
  int status = 0;
  Json body;
};

/// The admin port's JSON answer. Complains and gives the exit code when none comes, when the token is
/// missing, or when the status is an error, except 400 with {"ok":false}, which is an answer.
tl::expected<Answer, int> ask_admin(const Context& context, std::string method, std::string target,
                                    std::string body = {});

/// A field as text: strings as they are, null as "-", numbers without needless digits.
std::string text(const Json& object, std::string_view field);
const Json& at(const Json& object, std::string_view field);  ///< null when absent

/// Percent-encodes what may not stand in a query or a path segment.
std::string encode(std::string_view text);

/// `target` for the nodes that --node names.
std::string of_node(const Context& context, std::string target);

/// The file's content, or nothing; "-" is standard input.
tl::expected<std::string, std::string> read_file(const std::string& path);

/// With --json: `body` indented. Returns true when it was printed.
bool print_json(const Context& context, const Json& body);

}  // namespace troupe::cli
