#include "gateway/dialects/responses/failure.hpp"

#include "gateway/dialects/responses/items.hpp"
#include "gateway/dialects/responses/shape.hpp"
#include "gateway/dialects/responses/stream_encode.hpp"

namespace troupe::dialects::responses {
namespace {

struct Words {
  std::string_view type, code;
};

Words words_of(const ErrorReport& report) {
  return {report.type.empty() ? openai_error_type(report.fault) : std::string_view(report.type),
          report.code.empty() ? openai_error_code(report.fault) : std::string_view(report.code)};
}

}  // namespace

void fail_stream(StreamEncoder& started, const ErrorReport& report) {
  auto* encoder = dynamic_cast<Encoder*>(&started);
  const auto words = words_of(report);
  if (encoder) encoder->fail(words.type, words.code, report.message);
}

std::string failure_events(const ErrorReport& report, const Framing& framing, std::int64_t sequence) {
  const auto words = words_of(report);
  std::string out;
  append_error_event(out, sequence, words.type, words.code, report.message);
  const auto error = error_json(words.code, report.message);
  Moment now;
  now.finish = Finish::failed;
  now.error = error;
  out += "event: response.failed\ndata: {\"type\":\"response.failed\",\"sequence_number\":";
  append_number(out, sequence + 1);
  out += R"(,"response":)";
  Shape(framing).append(out, now);
  return out += "}\n\n";
}

}  // namespace troupe::dialects::responses
