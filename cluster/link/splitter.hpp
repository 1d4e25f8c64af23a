#pragma once
// From a stream of bytes to frame bodies.
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace troupe::link {

/// Cuts the stream at its 4-byte lengths. Memory follows the bytes that really came, never the length that a
/// peer claims; it is at most one frame and one reading (64 KiB), and large buffers are given back.
class Splitter {
 public:
  /// `cap`: the largest body that is accepted, in bytes.
  explicit Splitter(std::size_t cap);

  /// Where the next bytes may be written; valid until the next call.
  std::span<char> room();
  /// That many bytes were written to room().
  void took(std::size_t n);
  /// The next whole body; the view is valid until the next room(). nullopt: more bytes are needed, or
  /// oversized().
  std::optional<std::string_view> next();
  /// A length above the cap has come: nothing more is to be read.
  bool oversized() const { return oversized_; }
  /// Holds from the next frame on.
  void raise_cap(std::size_t cap) { cap_ = cap; }
  /// Bytes of memory in use.
  std::size_t capacity() const { return buffer_.capacity(); }

 private:
  std::size_t cap_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool oversized_ = false;
};

}  // namespace troupe::link
