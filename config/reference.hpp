#pragma once
// docs/configuration.md.
#include <string>

namespace troupe::config {

/// The reference page in Markdown. The committed file must equal it (a test says so).
std::string reference_page();

}  // namespace troupe::config
