#include "gateway/providers/embed.hpp"

#include <charconv>

#include "gateway/providers/translate.hpp"

namespace troupe::providers {
namespace {

using dialects::embeddings::Answer;

/// Bedrock tells of every model what it read, in a header.
void take_header(const AnswerHead& head, Answer& into) {
  const auto told = head.find("x-amzn-bedrock-input-token-count");
  std::int64_t count = 0;
  const auto read = std::from_chars(told.data(), told.data() + told.size(), count);
  if (into.usage || told.empty() || read.ec != std::errc{} || count < 0) return;
  into.usage = Usage{};
  into.usage->input = {count};
}

/// Vectors are no output: nothing of the answer's size is counted.
Usage guess(Tokens input) {
  Usage out;
  out.input = input;
  out.estimated = true;
  return out;
}

}  // namespace

Result<std::string> write_embedding(const dialects::Request& request,
                                    const dialects::embeddings::Shape& shape, std::string_view model) {
  const auto question = dialects::embeddings::read_question(request.body);
  if (!question) return tl::unexpected<Error>(question.error());
  return shape.write(*question, model);
}

Result<WholeAnswer> read_embedding(const dialects::Request& request, const dialects::embeddings::Shape& shape,
                                   const AnswerHead& head, const std::string& body) {
  auto answer = shape.read(body);
  if (!answer) return no_answer(head, body, answer.error().message);
  take_header(head, *answer);
  const auto question = dialects::embeddings::read_question(request.body);
  const bool base64 = question && question->base64;
  WholeAnswer out;
  out.usage = answer->usage;
  if (!out.usage) out.usage = guess(request.input_estimate);
  out.body = dialects::embeddings::write_answer(*answer, base64, request.model, request.input_estimate);
  return out;
}

}  // namespace troupe::providers
