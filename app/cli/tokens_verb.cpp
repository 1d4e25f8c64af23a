#include "app/cli/tokens_verb.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/cli/node.hpp"
#include "gateway/tokens/count_chat.hpp"

namespace troupe::cli {
namespace {

/// What is the same for every file.
struct Counter {
  const tokens::Library& library;
  std::string model;
  std::optional<tokens::Encoding> encoding;

  Result<tokens::Count> count(const std::string& text, bool chat) const {
    if (!chat) return tokens::count_text(library, model, text);
    return tokens::count_chat_body(text, tokens::Tally(library, model, nullptr, {}, tokens::Tally::kNoLimit));
  }
  std::string_view encoding_name() const { return encoding ? name(*encoding) : std::string_view{}; }
  /// Why a count is no more than a guess.
  std::string excuse() const {
    if (!encoding) return fmt::format("the vocabulary of {} is not published", model);
    const auto missing = library.problem(*encoding);
    return missing.empty() ? "tools, pictures and files have no published count" : missing;
  }
};

Json row(const std::string& file, const tokens::Count& count, const Counter& by) {
  Json made{{"file", file}, {"model", by.model}, {"tokens", count.tokens.count}, {"exact", count.exact}};
  made["encoding"] = by.encoding ? Json(by.encoding_name()) : Json(nullptr);
  if (!count.exact) made["why"] = by.excuse();
  return made;
}

std::string words(const std::string& file, const tokens::Count& count, const Counter& by, bool many) {
  const auto before = many ? file + ": " : std::string();
  if (count.exact)
    return fmt::format("{}{} tokens ({}, exact)\n", before, count.tokens.count, by.encoding_name());
  return fmt::format("{}about {} tokens (estimate: {})\n", before, count.tokens.count, by.excuse());
}

}  // namespace

int run_tokens_count(const Context& context, const TokensOptions& options) {
  auto model = options.model;
  if (!options.encoding.empty()) {
    if (!tokens::encoding_named(options.encoding))
      return complain(
          context, usage,
          fmt::format("there is no encoding \"{}\": o200k_base, cl100k_base, p50k_base, r50k_base",
                      options.encoding));
    model = options.encoding;
  }
  const tokens::Library library(tokens::installed_directory(options.directory));
  const Counter by{library, model, tokens::encoding_of(model)};
  const auto files = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  auto rows = Json::array();
  for (const auto& file : files) {
    const auto text = read_file(file);
    if (!text) return complain(context, failed, text.error());
    const auto count = by.count(*text, options.chat);
    if (!count) return complain(context, failed, fmt::format("{}: {}", file, count.error().message));
    if (context.globals.json)
      rows.push_back(row(file, *count, by));
    else
      *context.out << words(file, *count, by, files.size() > 1);
  }
  if (context.globals.json) print_json(context, files.size() == 1 ? rows.front() : rows);
  return done;
}

}  // namespace troupe::cli
