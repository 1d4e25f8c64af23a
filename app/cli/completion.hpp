#pragma once
// Shell completion from the command line itself.
#include <CLI/App.hpp>
#include <string>

namespace troupe::cli {

/// A script for "bash", "zsh" or "fish"; empty for another word.
std::string completion(const CLI::App& app, const std::string& shell);

}  // namespace troupe::cli
