// AWS Bedrock's Converse, as its API reference has it; streams are frames of
// application/vnd.amazon.eventstream: lengths, headers, payload, two checksums.
#include <boost/crc.hpp>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

void append_number(std::string& out, std::uint32_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>((number >> shift) & 0xFF);
}

void append_checksum(std::string& out) {
  boost::crc_32_type sum;
  sum.process_bytes(out.data(), out.size());
  append_number(out, sum.checksum(), 4);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  constexpr char kText = 7;
  out += static_cast<char>(name.size());
  out.append(name).append(1, kText);
  append_number(out, static_cast<std::uint32_t>(value.size()), 2);
  out.append(value);
}

std::string frame(std::string_view kind, std::string_view type, const std::string& payload) {
  std::string headers;
  append_header(headers, kind == "event" ? ":event-type" : ":exception-type", type);
  append_header(headers, ":content-type", "application/json");
  append_header(headers, ":message-type", kind);
  constexpr std::size_t kAround = 16;
  std::string out;
  append_number(out, static_cast<std::uint32_t>(kAround + headers.size() + payload.size()), 4);
  append_number(out, static_cast<std::uint32_t>(headers.size()), 4);
  append_checksum(out);
  out.append(headers).append(payload);
  append_checksum(out);
  return out;
}

/// Every payload is padded, so that its size tells nothing.
std::string event(std::string_view type, Json payload) {
  payload["p"] = "abcdefgh";
  return frame("event", type, dump(payload));
}

Json usage_of(const Answer& answer) {
  return {{"inputTokens", answer.input_tokens},
          {"outputTokens", answer.output_tokens},
          {"totalTokens", answer.input_tokens + answer.output_tokens}};
}

const char* stop_of(const Answer& answer) {
  return answer.cut_short ? "max_tokens" : answer.tool ? "tool_use" : "end_turn";
}

Json block_of(const Answer& answer) {
  if (!answer.tool) return {{"text", answer.text()}};
  const auto input = Json::parse(answer.tool->arguments, nullptr, false);
  return {{"toolUse",
           {{"toolUseId", answer.tool->id},
            {"name", answer.tool->name},
            {"input", input.is_object() ? input : Json::object()}}}};
}

Json delta_of(const Answer& answer, const std::string& piece) {
  if (!answer.tool) return {{"text", piece}};
  return {{"toolUse", {{"input", piece}}}};
}

}  // namespace

Frames converse_frames(const Ask&, const Answer& answer) {
  Frames out;
  out.opening = event("messageStart", {{"role", "assistant"}});
  if (answer.tool)
    out.opening +=
        event("contentBlockStart",
              {{"contentBlockIndex", 0},
               {"start", {{"toolUse", {{"toolUseId", answer.tool->id}, {"name", answer.tool->name}}}}}});
  for (const auto& piece : answer.pieces)
    out.content.push_back(
        event("contentBlockDelta", {{"contentBlockIndex", 0}, {"delta", delta_of(answer, piece)}}));
  out.closing = event("contentBlockStop", {{"contentBlockIndex", 0}});
  out.closing += event("messageStop", {{"stopReason", stop_of(answer)}});
  out.closing += event("metadata", {{"usage", usage_of(answer)}, {"metrics", {{"latencyMs", 1}}}});
  out.garbage = frame("event", "contentBlockDelta", "{\"contentBlockIndex\":0,\"del");
  out.error_event = frame("exception", "modelStreamErrorException",
                          dump({{"message", "The model had an error while processing the request."}}));
  return out;
}

std::string converse_whole(const Ask&, const Answer& answer) {
  return dump(
      {{"metrics", {{"latencyMs", 1}}},
       {"output", {{"message", {{"content", Json::array({block_of(answer)})}, {"role", "assistant"}}}}},
       {"stopReason", stop_of(answer)},
       {"usage", usage_of(answer)}});
}

std::string converse_error(const Trouble& trouble) {
  return dump({{"message", trouble.message}});
}

std::string_view converse_error_type(int status) {
  switch (status) {
    case 401:
    case 403:
      return "AccessDeniedException";
    case 404:
      return "ResourceNotFoundException";
    case 408:
      return "ModelTimeoutException";
    case 424:
      return "ModelErrorException";
    case 429:
      return "ThrottlingException";
    case 503:
      return "ServiceUnavailableException";
    default:
      return status < 500 ? "ValidationException" : "InternalServerException";
  }
}

}  // namespace troupe::mock
