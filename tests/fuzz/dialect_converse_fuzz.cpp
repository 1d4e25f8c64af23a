// Any bytes as a ConverseStream, a request and an answer. Lines "type payload" are framed first.
#include <algorithm>

#include "gateway/cloud/event_stream.hpp"
#include "gateway/dialects/converse/codec.hpp"
#include "tests/fuzz/dialect_fuzz.hpp"

namespace {

std::string framed(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    const auto space = std::min(line.find(' '), line.size());
    out += troupe::cloud::encode_event(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
    at = end + 1;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return troupe::dialects::fuzz::try_all(troupe::dialects::converse::codec(), data, size, false, framed);
}
