#pragma once
// The admin port's documents as tables. Pure.
#include <string>

#include "app/cli/node.hpp"

namespace troupe::cli {

std::string actors_table(const Json& body, bool color);
std::string keys_table(const Json& body, bool color);
std::string providers_table(const Json& body, bool color);
std::string requests_table(const Json& body, bool color);
/// One request with its timeline.
std::string request_sheet(const Json& body, bool color);
/// A dry run of routing: what was chosen, and why the others were not.
std::string explain_sheet(const Json& body, bool color);
/// "line:column: path: message (hint)" for each of "problems".
std::string problem_lines(const Json& body, const std::string& file);

/// Which of several nodes did not answer, as a line of its own; "" where all did.
std::string silent(const Json& body);
/// "950", "12.3k", "4.5M".
std::string short_count(double count);
/// "rpm 12/500" for the window that is used most; "-" without limits.
std::string tightest_window(const Json& key);

}  // namespace troupe::cli
