#include "gateway/mock/embedding.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "core/random.hpp"
#include "gateway/mock/ask.hpp"

namespace troupe::mock {
namespace {

using Vector = std::vector<float>;

void add_word(Vector& sum, std::string_view word) {
  Random random(fnv1a(word));
  for (auto& value : sum) value += static_cast<float>(random.unit() - 0.5);
}

Vector vector_of(std::string_view text, std::size_t dimensions) {
  Vector sum(dimensions, 0.0F);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    add_word(sum, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  float square = 0;
  for (const float value : sum) square += value * value;
  if (square > 0)
    for (auto& value : sum) value /= std::sqrt(square);
  return sum;
}

std::string base64(const Vector& vector) {
  const auto bytes = vector.size() * sizeof(float);
  std::string out(4 * ((bytes + 2) / 3) + 1, '\0');
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(vector.data()), static_cast<int>(bytes));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::vector<std::string> texts_of(const Json& input) {
  if (input.is_string()) return {input.get<std::string>()};
  std::vector<std::string> out;
  if (input.is_array())
    for (const auto& item : input) out.push_back(item.is_string() ? item.get<std::string>() : dump(item));
  return out;
}

}  // namespace

Result<Json> embeddings(const Json& body) {
  if (!body.is_object() || !body.contains("model"))
    return fail(Fault::caller_bad_request, "you must provide a model parameter", "model");
  const auto texts = texts_of(body.value("input", Json()));
  if (texts.empty()) return fail(Fault::caller_bad_request, "'input' must not be empty.", "input");
  const auto wanted = body.value("dimensions", Json(256));
  if (!wanted.is_number_integer() || wanted.get<std::int64_t>() < 1 || wanted.get<std::int64_t>() > 4096)
    return fail(Fault::caller_bad_request, "'dimensions' must be 1 to 4096.", "dimensions");
  const bool packed = body.value("encoding_format", Json("float")) == "base64";
  Json data = Json::array();
  std::int64_t tokens = 0;
  for (const auto& text : texts) {
    const auto vector = vector_of(text, wanted.get<std::size_t>());
    data.push_back({{"object", "embedding"},
                    {"index", data.size()},
                    {"embedding", packed ? Json(base64(vector)) : Json(vector)}});
    tokens += count_tokens(text);
  }
  return Json{{"object", "list"},
              {"data", std::move(data)},
              {"model", body["model"]},
              {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}};
}

}  // namespace troupe::mock
