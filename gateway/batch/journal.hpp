#pragma once
// What is written for each finished line of a batch: its number, how it ended, its line of the output. The
// journal alone says, after a crash, which lines are finished.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/batch/ids.hpp"
#include "gateway/batch/line.hpp"

namespace troupe::batch {

/// Where one finished line's output lies in the journal.
struct Entry {
  std::size_t line = 0;  ///< of the input's requests, from 0
  bool good = false;     ///< goes to the output file; else to the file of errors
  std::uint64_t offset = 0;
  std::uint32_t size = 0;  ///< without the line's end
};

/// "LINE + TEXT\n" for a good one, "LINE - TEXT\n" else. `text` holds no line's end.
std::string journal_line(std::size_t line, bool good, std::string_view text);

/// Goes through a journal from its beginning, in any pieces. The first record that is torn or no record ends
/// it: what follows was never finished.
class JournalReader {
 public:
  void feed(std::string_view bytes);
  const std::vector<Entry>& entries() const { return entries_; }
  /// Bytes that count; the file is cut here before it is written on.
  std::uint64_t length() const { return good_; }

 private:
  bool take(std::string_view record);
  std::string pending_;
  std::vector<Entry> entries_;
  std::uint64_t good_ = 0;
  bool broken_ = false;
};

/// How a line was answered.
struct LineAnswer {
  int status = 0;          ///< of HTTP; 0: no answer came
  std::string request_id;  ///< x-request-id
  std::string body;
  std::optional<Duration> retry_after = {};
};

/// The output's line for an answer; nullopt when the answer's body is no JSON.
std::optional<std::string> output_line(const std::string& id, const std::string& custom_id,
                                       const LineAnswer& answer);
/// The line of the file of errors for a request that got no answer.
std::string error_line(const std::string& id, const std::string& custom_id, std::string_view code,
                       std::string_view message);

}  // namespace troupe::batch
