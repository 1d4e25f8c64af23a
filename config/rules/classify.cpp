#include "config/rules/classify.hpp"

#include <algorithm>

namespace troupe::rules {
namespace {

constexpr std::size_t kRead = 8 << 10;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Where a word is of letters, it must not begin inside another ("code", not "decode").
bool stands_in(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if (at == 0 || !is_letter(word.front()) || !is_letter(text[at - 1])) return true;
  }
  return false;
}

}  // namespace

const std::vector<Task>& usual_tasks() {
  static const std::vector<Task> kTasks{
      {"code",
       {"```",         "code",      "function",     "bug",          "compile",  "refactor",   "unit test",
        "stack trace", "exception", "regex",        "sql",          "python",   "javascript", "typescript",
        "c++",         "rust",      "golang",       "java ",        "bash",     "def ",       "class ",
        "#include",    "import ",   "api endpoint", "pull request", "implement"}},
      {"summarize",
       {"summari", "tl;dr", "tldr", "key points", "in a nutshell", "main takeaways", "shorten", "condense",
        "abstract of", "zusammenfass", "résum"}},
      {"translate",
       {"translat", "into english", "into german", "into french", "into spanish", "in french", "in german",
        "in spanish", "in japanese", "in chinese", "übersetz", "tradui", "traduc"}},
      {"extract",
       {"extract", "parse the following", "pull out", "list all the", "as json", "json object", "fill in the",
        "find all", "entities", "csv"}},
      {"reasoning",
       {"prove", "step by step", "step-by-step", "solve", "derive", "theorem", "probability", "how many",
        "puzzle", "logic", "equation", "integral", "think carefully", "reason about", "trade-off",
        "explain why", "calculate"}},
  };
  return kTasks;
}

std::string_view classify(std::string_view text, const std::vector<Task>& tasks) {
  const auto read = lower(text.substr(0, kRead));
  std::string_view best = "chat";
  std::ptrdiff_t most = 0;
  for (const auto& task : tasks) {
    const auto found = std::count_if(task.words.begin(), task.words.end(),
                                     [&](const std::string& word) { return stands_in(read, word); });
    if (found <= most) continue;
    most = found;
    best = task.name;
  }
  return best;
}

}  // namespace troupe::rules
