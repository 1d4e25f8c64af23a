#pragma once
// The stream of an OpenAI-shaped provider, relayed frame by frame.
#include "gateway/dialects/sse.hpp"
#include "gateway/providers/adapter.hpp"
#include "gateway/providers/openai_chunk.hpp"

namespace troupe::providers {

/// Frames pass byte for byte; comments, CRLF and what follows the end do not. The chunk that only carries
/// usage is withheld from a caller who did not ask for it.
class OpenAiStream final : public StreamReader {
 public:
  explicit OpenAiStream(const dialects::Request& request);
  void feed(std::string_view bytes, std::string& out) override;
  void close(std::string& out) override;

 private:
  void take(const dialects::SseFrame& frame, std::string& out);
  void take_chunk(const Chunk& chunk, const dialects::SseFrame& frame, std::string& out);
  bool over() const { return ended || failure.has_value(); }
  bool all_finished() const;

  dialects::SseSplitter splitter_;
  std::uint64_t choices_ = 0, finished_ = 0;
  int wanted_;  ///< choices asked for
  bool include_usage_;
};

}  // namespace troupe::providers
