#pragma once
// troupe tokens count: how many tokens a text makes, and whether that is counted or guessed.
#include <string>
#include <vector>

#include "app/cli/context.hpp"

namespace troupe::cli {

struct TokensOptions {
  std::string model = "gpt-4o";    ///< the provider's own name for it
  std::string encoding;            ///< instead of the model's
  std::string directory;           ///< of the vocabularies; empty: looked for beside the binary
  std::vector<std::string> files;  ///< "-" is standard input; none: that
  bool chat = false;               ///< the files are chat completion requests
};

/// A line per file, or with --json an object (a list of them for several files): file, tokens, exact,
/// encoding. 1 when a file cannot be read or is no request, 2 for an unknown encoding.
int run_tokens_count(const Context& context, const TokensOptions& options);

}  // namespace troupe::cli
