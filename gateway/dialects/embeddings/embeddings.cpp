#include "gateway/dialects/embeddings/embeddings.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>

#include "core/log.hpp"
#include "gateway/dialects/base64.hpp"

namespace troupe::dialects::embeddings {
namespace {

constexpr std::string_view kTokens =
    "token arrays are known to OpenAI's models only; send the texts (LangChain: "
    "check_embedding_ctx_length=False)";

Result<std::vector<std::string>> texts_of(const Json& input) {
  std::vector<std::string> out;
  if (input.is_string()) out.push_back(input.get<std::string>());
  if (input.is_array()) {
    for (const auto& one : input) {
      if (one.is_number() || one.is_array()) return unsupported("input", kTokens);
      if (!one.is_string()) return invalid("input", "expected a string or an array of strings");
      out.push_back(one.get<std::string>());
    }
  }
  if (out.empty()) return invalid("input", "expected a string or an array of strings");
  return out;
}

void append_floats(std::string& out, const std::vector<double>& vector) {
  out += '[';
  for (const double value : vector) {
    if (out.back() != '[') out += ',';
    fmt::format_to(std::back_inserter(out), "{}", std::isfinite(value) ? value : 0.0);
  }
  out += ']';
}

void append_base64(std::string& out, const std::vector<double>& vector) {
  std::string bytes;
  bytes.reserve(vector.size() * 4);
  for (const double value : vector) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(bits >> shift & 0xff));
  }
  out.append("\"").append(to_base64(bytes)).append("\"");
}

}  // namespace

Result<Question> read_question(std::string_view body) {
  constexpr std::array<std::string_view, 8> kKnown{"model", "input",    "dimensions",     "encoding_format",
                                                   "user",  "max_cost", "max_latency_ms", "fallback"};
  const auto from = read(body);
  const auto* input = member(from, "input");
  if (!input) return invalid("input", "expected a string or an array of strings");
  auto texts = texts_of(*input);
  if (!texts) return tl::unexpected<Error>(texts.error());
  Question out;
  out.texts = std::move(*texts);
  out.dimensions = whole(from, "dimensions");
  const auto format = text(from, "encoding_format");
  if (!format.empty() && format != "float" && format != "base64")
    return invalid("encoding_format", "expected 'float' or 'base64'");
  out.base64 = format == "base64";
  out.own = Json::object();
  for (const auto& [name, value] : from.items()) {
    if (!value.is_null() && std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
      out.own[name] = value;
  }
  return out;
}

std::string write_answer(const Answer& answer, bool base64, std::string_view model, Tokens input) {
  std::string out = R"({"object":"list","data":[)";
  for (std::size_t i = 0; i < answer.vectors.size(); ++i) {
    fmt::format_to(std::back_inserter(out), R"({}{{"object":"embedding","index":{},"embedding":)",
                   i == 0 ? "" : ",", i);
    base64 ? append_base64(out, answer.vectors[i]) : append_floats(out, answer.vectors[i]);
    out += '}';
  }
  out += R"(],"model":)";
  log::append_json_string(out, model);
  const auto used = answer.usage ? answer.usage->input : input;
  fmt::format_to(std::back_inserter(out), R"(,"usage":{{"prompt_tokens":{0},"total_tokens":{0}}}}})",
                 used.count);
  return out;
}

}  // namespace troupe::dialects::embeddings
