#pragma once
// Files and batches as values, as their owners see them (OpenAI's shapes) and as they lie on the disk.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/batch/line.hpp"

namespace troupe::batch {

using Json = nlohmann::ordered_json;
/// Seconds since 1970.
using Second = std::int64_t;

/// Whose things these are; without client authentication everything is of "".
struct Owner {
  std::string tenant, key;  ///< names
};

struct File {
  std::string id, filename, purpose;  ///< purpose: "batch" or "batch_output"
  Owner owner;
  std::int64_t bytes = 0;
  Second created_at = 0, expires_at = 0;
};

enum class Status : std::uint8_t {
  validating,
  failed,
  in_progress,
  finalizing,
  completed,
  expired,
  cancelling,
  cancelled,
};
std::string_view name(Status status);
/// No more happens to it.
bool over(Status status);

struct Counts {
  std::int64_t total = 0, completed = 0, failed = 0;
};

struct Batch {
  std::string id, endpoint, input_file_id, completion_window;
  Owner owner;
  Json metadata;  ///< an object, or null
  Status status = Status::validating;
  std::vector<LineError> errors;  ///< of the validation; at most kErrors
  Counts counts;
  std::string output_file_id, error_file_id;
  Second created_at = 0, expires_at = 0;
  /// When it came into that state; 0: it did not.
  Second in_progress_at = 0, finalizing_at = 0, completed_at = 0, failed_at = 0, expired_at = 0,
         cancelling_at = 0, cancelled_at = 0;
  bool ran_out = false;  ///< finalizing because its window ended

  static constexpr std::size_t kErrors = 50;
  /// Moves on and notes the time. Ignored once it is over.
  void become(Status next, Second now);
};

/// As GET /v1/files/{id} and /v1/batches/{id} show them.
Json shown(const File& file);
Json shown(const Batch& batch);

/// As they are kept; read_file() and read_batch() answer nullopt for what these did not write.
Json kept(const File& file);
Json kept(const Batch& batch);
std::optional<File> read_file(const Json& from);
std::optional<Batch> read_batch(const Json& from);

}  // namespace troupe::batch
