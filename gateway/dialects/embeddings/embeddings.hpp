#pragma once
// What a caller of /v1/embeddings wants, and what it gets: OpenAI's shape, whoever the provider is.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/units.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::embeddings {

struct Question {
  std::vector<std::string> texts;  ///< at least one
  std::optional<std::int64_t> dimensions;
  bool base64 = false;  ///< vectors are wanted as little-endian 32-bit floats in base64
  Json own;             ///< an object: fields that are none of OpenAI's
};

/// Reads a request's body. Token arrays are refused by name: only OpenAI's models share its vocabularies.
Result<Question> read_question(std::string_view body);

struct Answer {
  std::vector<std::vector<double>> vectors;  ///< one for each text, in order
  std::optional<Usage> usage;                ///< nullopt: the provider gave none
};

/// OpenAI's answer; `input` is told as used where the provider told nothing.
std::string write_answer(const Answer& answer, bool base64, std::string_view model, Tokens input);

}  // namespace troupe::dialects::embeddings
