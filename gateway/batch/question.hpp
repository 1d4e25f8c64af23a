#pragma once
// What a client asks of files and batches, and what it gets: the same on the node that keeps the thing, and
// on its way between nodes.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "gateway/batch/merge.hpp"
#include "gateway/batch/objects.hpp"

namespace troupe::batch {

enum class What : std::uint8_t {
  show_file,
  list_files,
  delete_file,
  read_file,  ///< bytes from `offset`, at most kPart
  make_batch,
  show_batch,
  list_batches,
  cancel_batch,
};

inline constexpr std::size_t kPart = 512 << 10;      ///< bytes of a file in one answer
inline constexpr std::size_t kPageText = 768 << 10;  ///< bytes of a list in one answer, about

struct Question {
  What what = What::show_file;
  Owner owner;
  std::string id;  ///< of the thing asked about; make_batch: of its input; lists: none
  PageAsk page;
  std::string purpose;  ///< list_files: only these; empty: all
  std::uint64_t offset = 0;
  Json with;  ///< make_batch: endpoint, completion_window, window (seconds), metadata, keep (seconds, or
              ///< absent)
};

/// `status` as in HTTP. 200: an object, a page, or bytes; else {"message","param","code"}.
struct Answer {
  int status = 200;
  std::string text;
};

Answer answer_of(const Json& object);
Answer refusal(int status, std::string_view message, std::string_view param = {}, std::string_view code = {});

/// What a request of the API asks for; `query` without its "?". Fails as the client is told. `longest`: of a
/// completion window.
Result<Question> question_of(std::string_view method, std::string_view path, std::string_view query,
                             std::string_view body, Duration longest);

/// The methods that a path of these endpoints knows, as an Allow header names them; "" for other paths.
std::string_view methods_of(std::string_view path);

/// Between nodes. read_question() answers nullopt for what to_text() did not write.
std::string to_text(const Question& question);
std::optional<Question> read_question(std::string_view text);

}  // namespace troupe::batch
