#include "gateway/dialects/request.hpp"

#include <array>

#include "gateway/dialects/request_reader.hpp"

namespace troupe::dialects {
namespace {

/// A parser keeps about five bytes for each byte of its longest document: beyond this it is not kept.
constexpr std::size_t kKeptParser = 1 << 20;

using Known = Reader::Known;

constexpr std::array<Known, 15> kChat{{
    {"model", &Reader::take_model},
    {"messages", &Reader::take_messages},
    {"stream", &Reader::take_stream},
    {"stream_options", &Reader::take_stream_options},
    {"tools", &Reader::take_tools},
    {"functions", &Reader::take_tools},
    {"response_format", &Reader::take_format},
    {"max_tokens", &Reader::take_max_tokens},
    {"max_completion_tokens", &Reader::take_max_tokens},
    {"n", &Reader::take_n},
    {"user", &Reader::take_user},
    {"safety_identifier", &Reader::take_safety_identifier},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

constexpr std::array<Known, 11> kMessages{{
    {"model", &Reader::take_model},
    {"messages", &Reader::take_content},
    {"system", &Reader::take_content},
    {"stream", &Reader::take_stream},
    {"tools", &Reader::take_tools},
    {"output_config", &Reader::take_format},
    {"max_tokens", &Reader::take_max_tokens},
    {"metadata", &Reader::take_metadata},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

constexpr std::array<Known, 15> kResponses{{
    {"model", &Reader::take_model},
    {"input", &Reader::take_content},
    {"instructions", &Reader::take_content},
    {"stream", &Reader::take_stream},
    {"tools", &Reader::take_tools},
    {"text", &Reader::take_format},
    {"prompt", &Reader::take_reference},
    {"previous_response_id", &Reader::take_reference},
    {"conversation", &Reader::take_reference},
    {"max_output_tokens", &Reader::take_max_tokens},
    {"user", &Reader::take_user},
    {"safety_identifier", &Reader::take_safety_identifier},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

constexpr std::array<Known, 10> kCompletions{{
    {"model", &Reader::take_model},
    {"prompt", &Reader::take_content},
    {"stream", &Reader::take_stream},
    {"stream_options", &Reader::take_stream_options},
    {"max_tokens", &Reader::take_max_tokens},
    {"n", &Reader::take_n},
    {"user", &Reader::take_user},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

constexpr std::array<Known, 6> kEmbeddings{{
    {"model", &Reader::take_model},
    {"input", &Reader::take_content},
    {"user", &Reader::take_user},
    {"max_cost", &Reader::take_max_cost, true},
    {"max_latency_ms", &Reader::take_max_latency, true},
    {"fallback", &Reader::take_fallback, true},
}};

Reader reader_of(Request& request) {
  switch (request.operation) {
    case Operation::messages:
    case Operation::count_tokens:
      return {request, kMessages, "messages"};
    case Operation::responses:
      return {request, kResponses, "input"};
    case Operation::completions:
      return {request, kCompletions, "prompt"};
    case Operation::embeddings:
      return {request, kEmbeddings, "input"};
    case Operation::chat:
      break;
  }
  return {request, kChat, "messages"};
}

}  // namespace

Result<Request> parse_request(Operation operation, std::string body) {
  Request request;
  request.operation = operation;
  request.body = std::move(body);
  request.body.reserve(request.body.size() + simdjson::SIMDJSON_PADDING);
  auto reader = reader_of(request);
  Failure failure;
  if (request.body.size() <= kKeptParser) {
    thread_local simdjson::ondemand::parser parser;
    failure = reader.read(parser);
  } else {
    simdjson::ondemand::parser parser;
    failure = reader.read(parser);
  }
  if (failure) return tl::unexpected<Error>(std::move(*failure));
  return request;
}

}  // namespace troupe::dialects
