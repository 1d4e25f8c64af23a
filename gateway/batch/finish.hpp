#pragma once
// Makes the output file and the file of errors from a batch's journal, in the input's order, a piece at a
// time. Done again from its beginning after a crash, it makes the same.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "gateway/batch/disk.hpp"
#include "gateway/batch/journal.hpp"

namespace troupe::batch {

class Finish {
 public:
  static constexpr std::size_t kPiece = 1 << 20;  ///< bytes written in one step, and a line

  struct Parts {
    DiskFile journal;
    std::vector<Entry> entries;
    std::optional<DiskFile> output, errors;  ///< absent: there is nothing for it
    std::size_t lines = 0;                   ///< of the input
    /// The error of a line that was not finished; "" for none. May read the disk.
    std::function<Result<std::string>(std::size_t line)> unfinished;
  };
  explicit Finish(Parts parts);

  /// True when both files are whole, and on the disk.
  Result<bool> step();
  std::uint64_t output_bytes() const { return output_at_; }
  std::uint64_t error_bytes() const { return error_at_; }

 private:
  Result<void> flush();

  Parts parts_;
  std::size_t line_ = 0, entry_ = 0;
  std::string output_, errors_;
  std::uint64_t output_at_ = 0, error_at_ = 0;
};

}  // namespace troupe::batch
