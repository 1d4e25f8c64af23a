// Any bytes as a stream, a request and an answer of Cohere's v2 chat.
#include "gateway/dialects/cohere/codec.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return troupe::dialects::fuzz::try_all(troupe::dialects::cohere::codec(), data, size);
}
