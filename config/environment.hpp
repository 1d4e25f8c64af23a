#pragma once
// The world a configuration is read in, and the configuration that the environment alone gives.
#include <functional>
#include <optional>
#include <string>

#include "config/types.hpp"

namespace troupe::config {

/// Variables and files, passed in so that tests own them. Both answer nullopt when there is no such thing.
struct Environment {
  std::function<std::optional<std::string>(const std::string& name)> variable;
  /// At most `limit` bytes are read; a longer or unreadable file is nullopt.
  std::function<std::optional<std::string>(const std::string& path, std::size_t limit)> file;
};

/// The process's own variables and the machine's files. Thread-safe as long as nobody calls setenv.
Environment real_environment();

/// The configuration without a file: a provider for each API key found (OPENAI_API_KEY, ANTHROPIC_API_KEY,
/// GROQ_API_KEY ...) and each cloud (AZURE_OPENAI_API_KEY and _ENDPOINT; AWS credentials and AWS_REGION;
/// GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_CLOUD_PROJECT), always `mock`; aliases `mock`, `smart`, `cheap`,
/// `auto`, which all work without any key because mock is their last tier. TROUPE_LISTEN and TROUPE_ADMIN
/// replace the loopback addresses, TROUPE_ADMIN_TOKEN sets the admin token. Not validated: load_environment()
/// in load.hpp does both.
Config from_environment(const Environment& environment);

}  // namespace troupe::config
