#pragma once
// Reads multipart/form-data (RFC 7578, RFC 2046 section 5.1) in whatever pieces it comes, and keeps none of
// it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::batch {

/// A part's own head.
struct PartHead {
  std::string name;                     ///< of the form's field
  std::optional<std::string> filename;  ///< given for files
};

/// Hears the parts of a form in order.
class FormSink {
 public:
  virtual ~FormSink() = default;
  virtual void part(const PartHead& head) = 0;
  virtual void data(std::string_view bytes) = 0;
  virtual void part_end() = 0;
};

class Multipart {
 public:
  enum class State : std::uint8_t { more, done, failed };
  static constexpr std::size_t kHead = 16 << 10;  ///< bytes of a part's head; more is an error
  static constexpr std::size_t kParts = 64;       ///< of a form; more are an error

  /// The boundary that a content-type names; nullopt when it is no multipart/form-data, or the boundary is
  /// missing or longer than 70 characters.
  static std::optional<std::string> boundary(std::string_view content_type);

  explicit Multipart(const std::string& boundary) : delimiter_("\r\n--" + boundary), pending_("\r\n") {}

  /// Takes the next bytes. After `done` the rest is ignored; `failed` is for good, and why() says why.
  State feed(std::string_view bytes, FormSink& sink);
  State state() const { return state_; }
  std::string_view why() const { return why_; }

 private:
  enum class At : std::uint8_t { preamble, delimiter, head, body, end };
  bool step(FormSink& sink);
  bool find_delimiter(FormSink& sink);
  bool after_delimiter();
  bool read_head(FormSink& sink);
  bool wrong(std::string_view why);

  const std::string delimiter_;
  std::string pending_;  ///< not yet understood; bounded by the delimiter or the head's limit
  At at_ = At::preamble;
  State state_ = State::more;
  std::string_view why_;
  std::size_t parts_ = 0;
};

}  // namespace troupe::batch
