#pragma once
// The vocabularies that OpenAI has published, and which model uses which.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::tokens {

enum class Encoding : std::uint8_t { o200k_base, cl100k_base, p50k_base, r50k_base };
inline constexpr std::array kEncodings{Encoding::o200k_base, Encoding::cl100k_base, Encoding::p50k_base,
                                       Encoding::r50k_base};

/// "o200k_base": also the name of its file.
std::string_view name(Encoding encoding);
/// The encoding of that name.
std::optional<Encoding> encoding_named(std::string_view name);

/// By the model's name, with or without a vendor ("openai/gpt-4o"), fine-tuned or dated, or the
/// encoding's own; nullopt for models
/// whose vocabulary is not OpenAI's. After the table in OpenAI's tiktoken (tiktoken/model.py); o200k_harmony
/// (gpt-oss) differs in special tokens only.
std::optional<Encoding> encoding_of(std::string_view model);

}  // namespace troupe::tokens
