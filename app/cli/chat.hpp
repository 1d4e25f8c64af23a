#pragma once
// Verbs that use the API port as a client does.
#include <string>

#include "app/cli/context.hpp"
#include "app/cli/node.hpp"

namespace troupe::cli {

struct ChatOptions {
  std::string prompt, model, system,
      key;  ///< empty model: the first that the node offers; "-": prompt from stdin
  bool stream = false;
};

/// Prints the answer (tokens as they come when streamed); with -v who answered, usage and cost, on err.
int run_chat(const Context& context, ChatOptions options);
int run_models(const Context& context, const std::string& key);

/// The request body of a chat.
Json chat_body(const ChatOptions& options);

/// What one line of a stream says.
struct StreamLine {
  std::string text;   ///< content to print
  std::string error;  ///< an error event's message
  Json usage;         ///< null when the line has none
  bool end = false;   ///< [DONE]
};
StreamLine read_stream_line(std::string_view line);

}  // namespace troupe::cli
