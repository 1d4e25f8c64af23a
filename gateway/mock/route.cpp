#include "gateway/mock/route.hpp"

#include <array>
#include <charconv>

namespace troupe::mock {
namespace {

struct Fixed {
  std::string_view path;
  Dialect dialect;
};
constexpr std::array kFixed{
    Fixed{"/v1/chat/completions", Dialect::openai},
    Fixed{"/v1/responses", Dialect::responses},
    Fixed{"/v1/messages", Dialect::anthropic},
    Fixed{"/v2/chat", Dialect::cohere},
    Fixed{"/api/chat", Dialect::ollama},
};

struct Named {
  std::string_view before, after;  ///< around the model
  Dialect dialect;
  bool stream;
};
constexpr std::array kNamed{
    Named{"/models/", ":generateContent", Dialect::gemini, false},
    Named{"/models/", ":streamGenerateContent", Dialect::gemini, true},
    Named{"/model/", "/converse", Dialect::converse, false},
    Named{"/model/", "/converse-stream", Dialect::converse, true},
};

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto* from = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::optional<Route> route(std::string_view path) {
  for (const auto& fixed : kFixed) {
    if (path == fixed.path) return Route{fixed.dialect, {}, {}};
  }
  for (const auto& named : kNamed) {
    const auto at = path.rfind(named.before);
    if (at == path.npos || !path.ends_with(named.after)) continue;
    const auto begin = at + named.before.size();
    const auto end = path.size() - named.after.size();
    if (end <= begin) continue;
    return Route{named.dialect, decoded(path.substr(begin, end - begin)), named.stream};
  }
  return std::nullopt;
}

}  // namespace troupe::mock
