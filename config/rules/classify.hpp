#pragma once
// What kind of work a request is, where the client does not say.
#include <string>
#include <string_view>
#include <vector>

namespace troupe::rules {

/// One kind of work and the words that speak for it.
struct Task {
  std::string name;
  std::vector<std::string> words;  ///< lower case; found anywhere in the text, case ignored (ASCII)
};

/// code, summarize, translate, extract, reasoning; "chat" is what is left.
const std::vector<Task>& usual_tasks();

/// The task most of whose words stand in the first 8 KiB of `text`, the earlier of equals; "chat" where no
/// word was found. Pure.
std::string_view classify(std::string_view text, const std::vector<Task>& tasks);

}  // namespace troupe::rules
