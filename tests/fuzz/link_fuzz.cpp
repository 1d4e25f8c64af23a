// Any bytes as what a peer sends, in two pieces: no crash, the same frames however the bytes are cut, and
// every frame that was understood is written back to what is understood the same. Payloads go through the
// unpack check, which must only let pass what msgpack then unpacks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <msgpack.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/link/frame.hpp"
#include "cluster/link/splitter.hpp"
#include "cluster/link/unpack.hpp"

using namespace troupe::link;

namespace {

constexpr std::size_t kCap = 4096;

void feed(Splitter& splitter, std::string_view bytes, std::vector<std::string>& bodies) {
  while (!bytes.empty()) {
    const auto room = splitter.room();
    const auto n = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), n, room.begin());
    splitter.took(n);
    bytes.remove_prefix(n);
    while (const auto body = splitter.next()) bodies.emplace_back(*body);
    if (splitter.oversized()) return;
  }
}

std::vector<std::string> bodies_of(std::string_view bytes, std::size_t cut) {
  Splitter splitter(kCap);
  std::vector<std::string> out;
  feed(splitter, bytes.substr(0, cut), out);
  if (!splitter.oversized()) feed(splitter, bytes.substr(cut), out);
  if (splitter.capacity() > 4 * kCap) __builtin_trap();
  return out;
}

/// A hello of another version keeps nothing but that, and is never sent by us.
bool ours(const Frame& frame) {
  const auto* hello = std::get_if<Hello>(&frame);
  return hello == nullptr || hello->version == kProtocol;
}

void check(std::string_view body) {
  const auto frame = parse(body);
  if (frame && ours(*frame)) {
    std::string again;
    append(again, *frame);
    const auto second = parse(std::string_view(again).substr(4));
    if (!second || !(*second == *frame)) __builtin_trap();
  }
  const auto* data = frame ? std::get_if<Data>(&*frame) : nullptr;
  const auto payload = data ? data->payload : body;
  if (fit_to_unpack(payload)) msgpack::unpack(payload.data(), payload.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = bodies_of(bytes, size);
  if (whole != bodies_of(bytes, size / 2)) __builtin_trap();
  for (const auto& body : whole) check(body);
  check(bytes);
  return 0;
}
