#pragma once
// Goes through a batch's input file, a piece at a time: finds its lines, and what is wrong with them.
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "gateway/batch/disk.hpp"
#include "gateway/batch/line.hpp"

namespace troupe::batch {

/// Where something lies in a file.
struct Span {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

class Input {
 public:
  static constexpr std::size_t kPiece = 1 << 20;  ///< bytes looked at in one step

  Input(DiskFile file, std::string endpoint) : file_(std::move(file)), check_(std::move(endpoint)) {}

  /// Looks at the next piece; true when that was the last.
  Result<bool> step();
  /// Requests in order; blank lines are none.
  const std::vector<Span>& lines() const { return lines_; }
  /// The first `most` mistakes.
  const std::vector<LineError>& errors() const { return errors_; }
  std::size_t mistakes() const { return mistakes_; }

 private:
  void line_end();
  void note(std::optional<LineError> error);

  DiskFile file_;
  InputCheck check_;
  std::uint64_t read_ = 0, begin_ = 0;
  std::string pending_;
  bool skipping_ = false;  ///< inside a line that is too long
  std::vector<Span> lines_;
  std::vector<LineError> errors_;
  std::size_t mistakes_ = 0;
};

}  // namespace troupe::batch
