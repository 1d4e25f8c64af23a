// Any bytes as a stream, a request and an answer of Ollama's /api/chat.
#include "gateway/dialects/ollama/codec.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return troupe::dialects::fuzz::try_all(troupe::dialects::ollama::codec(), data, size);
}
