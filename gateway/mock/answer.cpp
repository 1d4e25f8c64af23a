#include "gateway/mock/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/mock/sample.hpp"
#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

constexpr std::string_view kMore[] = {
    "Everything is in order here.",      "The stage is lit and the cast is ready.",
    "I am a mock, but a courteous one.", "Each word that you read counts as one token.",
    "Thank you for trying Troupe.",      "Ask again and you will hear the same.",
};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// "get_weather" is meant by "what is the weather": a part of the name of four letters or more is there.
bool means(const std::string& text, const std::string& name) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '_' && name[i] != '-') continue;
    const auto part = name.substr(begin, i - begin);
    if (part.size() >= 4 && text.find(part) != std::string::npos) return true;
    begin = i + 1;
  }
  return false;
}

const Tool* choose_tool(const Ask& ask) {
  if (ask.tools.empty() || ask.tool_choice == "none") return nullptr;
  const auto text = lower(ask.last_text);
  for (const auto& tool : ask.tools) {
    if (ask.tool_choice == "=" + tool.name) return &tool;
    if (ask.tool_choice[0] != '=' && !ask.after_tool && means(text, lower(tool.name))) return &tool;
  }
  const bool asked = !ask.after_tool && text.find("tool") != std::string::npos;
  return ask.tool_choice == "required" || asked ? &ask.tools.front() : nullptr;
}

/// Words, each with the white space before it, so that the pieces add up to the text.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= text.size(); ++i)
    if (i == text.size() || (text[i] == ' ' && text[i - 1] != ' ')) {
      out.emplace_back(text.substr(begin, i - begin));
      begin = i;
    }
  return out;
}

/// JSON has no spaces to split at: pieces of about eight bytes, never inside a character.
std::vector<std::string> slice(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    const bool inside = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (out.empty() || (out.back().size() >= 8 && !inside)) out.emplace_back();
    out.back() += c;
  }
  return out;
}

std::string first_words(const std::string& text, std::size_t count) {
  auto words = split(text);
  const bool more = words.size() > count;
  if (more) words.resize(count);
  return fmt::format("{}{}", fmt::join(words, ""), more ? " ..." : "");
}

std::string greeting(const Ask& ask) {
  if (ask.after_tool) return fmt::format("The tool says: {}.", first_words(ask.last_text, 12));
  std::string out = fmt::format("Hello from the mock. You said: \"{}\".", first_words(ask.last_text, 8));
  if (ask.images > 0) out += fmt::format(" I looked at {} image{}.", ask.images, ask.images == 1 ? "" : "s");
  return out;
}

std::string prose(const Ask& ask, std::int64_t tokens) {
  auto out = greeting(ask);
  for (std::size_t i = 0; count_tokens(out) < tokens; ++i)
    out += fmt::format(" {}", kMore[i % std::size(kMore)]);
  return out;
}

std::vector<std::string> words_of(const Ask& ask, std::int64_t tokens) {
  if (ask.schema) return slice(dump(sample(*ask.schema)));
  if (ask.json_object) return slice(dump(Json{{"answer", greeting(ask)}}));
  auto words = split(prose(ask, tokens));
  words.resize(std::min(words.size(), static_cast<std::size_t>(std::max<std::int64_t>(tokens, 1))));
  return words;
}

}  // namespace

std::string Answer::text() const {
  return fmt::format("{}", fmt::join(pieces, ""));
}

std::string make_id(std::string_view prefix, std::size_t length, Random& random) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out(prefix);
  for (std::size_t i = 0; i < length; ++i) out += kLetters[random.below(kLetters.size())];
  return out;
}

Answer answer(const Ask& ask, std::int64_t tokens, Random& random, WallTime wall) {
  const auto& words = shape(ask.dialect);
  const std::size_t length = ask.dialect == Dialect::openai ? 29 : 22;
  Answer out;
  out.id = make_id(words.id, length, random);
  out.created = std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count();
  out.input_tokens = ask.input_tokens;
  if (const auto* tool = choose_tool(ask)) {
    const auto arguments = dump(tool->schema.is_object() ? sample(tool->schema) : Json::object());
    auto id = make_id(words.call_id, ask.dialect == Dialect::openai ? 24 : 22, random);
    out.tool = ToolCall{std::move(id), tool->name, arguments};
    out.pieces = slice(arguments);
  } else {
    out.pieces = words_of(ask, tokens);
  }
  if (ask.max_tokens && static_cast<std::int64_t>(out.pieces.size()) > *ask.max_tokens) {
    out.pieces.resize(static_cast<std::size_t>(std::max<std::int64_t>(*ask.max_tokens, 0)));
    out.cut_short = true;
  }
  if (out.tool) out.tool->arguments = out.text();
  out.output_tokens = static_cast<std::int64_t>(out.pieces.size()) * ask.choices;
  return out;
}

}  // namespace troupe::mock
