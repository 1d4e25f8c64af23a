// Any bytes as a request and as an answer, in two pieces: no crash, and the same verdict as in one.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/http/head.hpp"

using namespace troupe::http;

namespace {

ParseState feed_request(RequestHead& head, std::string_view bytes, std::size_t cut) {
  RequestParser parser(head, 4096, 65536);
  std::size_t used = 0;
  auto state = parser.feed(bytes.substr(0, cut), used);
  if (state == ParseState::done || state == ParseState::failed) return state;
  return parser.feed(bytes.substr(used), used);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  RequestHead whole, pieces;
  const auto at_once = feed_request(whole, bytes, size);
  const auto in_two = feed_request(pieces, bytes, size / 2);
  if (at_once == ParseState::done && in_two == ParseState::done && whole.body != pieces.body)
    __builtin_trap();
  if (at_once == ParseState::done) (void)whole.find("content-length");
  ResponseParser answer(4096);
  std::size_t used = 0;
  if (answer.feed(bytes, used) != ParseState::failed) answer.feed_end();
  return 0;
}
