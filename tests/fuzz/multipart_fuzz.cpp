// Any form in any pieces: the parts are the same as when it comes in one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/batch/multipart.hpp"

namespace {

using namespace troupe::batch;

struct Heard final : FormSink {
  std::string text;
  void part(const PartHead& head) override {
    text += "\npart " + head.name + " " + head.filename.value_or("-") + "\n";
  }
  void data(std::string_view bytes) override { text += bytes; }
  void part_end() override { text += "\nend\n"; }
};

/// What was heard of whole parts, and how it ended.
std::string hear(std::string_view form, std::size_t piece) {
  Multipart reader("b");
  Heard heard;
  for (std::size_t at = 0; at < form.size(); at += piece) {
    const std::string copy(form.substr(at, piece));
    reader.feed(copy, heard);
  }
  if (reader.state() == Multipart::State::done) return "done" + heard.text;
  return reader.state() == Multipart::State::failed ? "failed" : "more";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  if (hear(text, piece) != hear(text, text.size() + 1)) std::abort();
  (void)Multipart::boundary(text);
  return 0;
}
