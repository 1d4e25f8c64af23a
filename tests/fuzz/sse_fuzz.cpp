// Any bytes in any pieces: the splitter gives the same frames, and no stream codec crashes or ends cleanly by
// itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/dialects/sse.hpp"
#include "gateway/providers/adapter.hpp"

namespace {

using troupe::dialects::SseSplitter;

std::vector<std::string> split(std::string_view text, std::size_t piece) {
  SseSplitter splitter;
  std::vector<std::string> out;
  const auto drain = [&] {
    while (const auto frame = splitter.next()) {
      out.emplace_back(frame->event);
      out.emplace_back(frame->data);
    }
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string copy(text.substr(at, piece));
    splitter.push(copy);
    drain();
  }
  if (const auto frame = splitter.finish()) out.emplace_back(frame->data);
  return out;
}

void relay(troupe::config::ProviderType type, std::string_view text, std::size_t piece) {
  troupe::dialects::Request request;
  const auto reader = troupe::providers::adapter(type).stream(request, {});
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string copy(text.substr(at, piece));
    reader->feed(copy, out);
  }
  reader->close(out);
  if (reader->ended == reader->failure.has_value()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (split(text, piece) != split(text, text.size() + 1)) std::abort();
  relay(troupe::config::ProviderType::openai, text, piece);
  relay(troupe::config::ProviderType::anthropic, text, piece);
  return 0;
}
