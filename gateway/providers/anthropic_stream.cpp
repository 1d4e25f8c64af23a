#include "gateway/providers/anthropic_stream.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "gateway/providers/anthropic_answer.hpp"
#include "gateway/providers/faults.hpp"

namespace troupe::providers::anthropic {
namespace {

/// More blocks than any answer has; their indices come from the provider.
constexpr std::size_t kMaxBlocks = 4096;

void append_number(std::string& out, std::uint64_t number) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

}  // namespace

Stream::Stream(const dialects::ChatRequest& request)
    : created_(request.created), include_usage_(request.include_usage) {}

void Stream::feed(std::string_view bytes, std::string& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) {
    give_up(stream_fault(Fault::provider_stream_malformed, "The provider sent an event of more than 4 MiB."));
  }
}

void Stream::close(std::string& out) {
  if (over()) return;
  json::object event;
  if (const auto frame = splitter_.finish();
      frame && json::parse(frame->data).get(event) == simdjson::SUCCESS) {
    take(*frame, out);
  }
  if (!over())
    give_up(stream_fault(Fault::provider_stream_cut, "The provider closed the stream before its end."));
}

/// What was used until here is our own count: the provider's comes at the end.
void Stream::give_up(Verdict verdict) {
  failure = std::move(verdict);
  if (!usage) return;
  usage->output = std::max(usage->output, Tokens{output_bytes / 4});
  usage->estimated = true;
}

void Stream::take(const dialects::SseFrame& frame, std::string& out) {
  json::object event;
  if (json::parse(frame.data).get(event) != simdjson::SUCCESS) {
    give_up(
        stream_fault(Fault::provider_stream_malformed, "The provider sent an event that is no JSON object."));
    return;
  }
  auto type = json::text_of(event, "type");
  if (type.empty()) type = frame.event;
  if (type == "error") {
    give_up(read_stream_error(frame.data));
  } else {
    take_event(type, event, out);
  }
}

void Stream::take_event(std::string_view type, const json::object& event, std::string& out) {
  if (type == "content_block_delta") {
    on_block_delta(event, out);
  } else if (type == "content_block_start") {
    on_block_start(event, out);
  } else if (type == "content_block_stop") {
    on_block_stop(event, out);
  } else if (type == "message_start") {
    on_message_start(event, out);
  } else if (type == "message_delta") {
    on_message_delta(event, out);
  } else if (type == "message_stop") {
    on_message_stop(out);
  }
}

void Stream::open(const json::object* message, std::string& out) {
  if (opened_) return;
  opened_ = true;
  head_ = R"(data: {"id":)";
  append_string(head_, message ? json::text_of(*message, "id") : "");
  head_ += R"(,"object":"chat.completion.chunk","created":)";
  append_number(head_, static_cast<std::uint64_t>(std::max<std::int64_t>(0, created_)));
  head_ += R"(,"model":)";
  append_string(head_, message ? json::text_of(*message, "model") : "");
  head_ += R"(,"choices":[)";
  chunk(R"("role":"assistant","content":"")", {}, out);
}

void Stream::chunk(std::string_view delta, std::string_view finish, std::string& out) {
  out.append(head_).append(R"({"index":0,"delta":{)").append(delta).append(R"(},"finish_reason":)");
  if (finish.empty()) {
    out.append("null");
  } else {
    out.append(1, '"').append(finish).append(1, '"');
  }
  out.append("}]}\n\n");
}

void Stream::say(std::string_view field, std::string_view text, std::string& out) {
  if (text.empty()) return;
  open(nullptr, out);
  delta_.assign(1, '"').append(field).append("\":");
  append_string(delta_, text);
  chunk(delta_, {}, out);
  output_bytes += static_cast<std::int64_t>(text.size());
  content_started = true;
}

void Stream::extend(std::int64_t index, std::string_view member, std::string& out) {
  open(nullptr, out);
  delta_.assign(R"("anthropic":{"index":)");
  append_number(delta_, static_cast<std::uint64_t>(index));
  delta_.append(1, ',').append(member).append(1, '}');
  chunk(delta_, {}, out);
  content_started = true;
}

Stream::Block& Stream::block(std::int64_t index) {
  const auto at = std::min(static_cast<std::size_t>(index), kMaxBlocks - 1);
  if (at >= blocks_.size()) blocks_.resize(at + 1);
  return blocks_[at];
}

void Stream::on_message_start(const json::object& event, std::string& out) {
  json::object message, figures;
  if (json::object_of(event, "message").get(message) != simdjson::SUCCESS) return;
  if (json::object_of(message, "usage").get(figures) == simdjson::SUCCESS) {
    tally_.take(figures);
    usage = tally_.usage();
  }
  open(&message, out);
}

void Stream::start_tool(Block& block, const json::object& content, std::string& out) {
  json::object input;
  block = {Kind::tool, tools_++, false};
  open(nullptr, out);
  delta_.assign(R"("tool_calls":[{"index":)");
  append_number(delta_, block.ordinal);
  delta_ += R"(,"id":)";
  append_string(delta_, json::text_of(content, "id"));
  delta_ += R"(,"type":"function","function":{"name":)";
  append_string(delta_, json::text_of(content, "name"));
  delta_ += R"(,"arguments":""}}])";
  chunk(delta_, {}, out);
  content_started = true;
  const bool whole = json::object_of(content, "input").get(input) == simdjson::SUCCESS && input.size() > 0;
  if (whole) arguments(block, simdjson::minify(input), out);
}

void Stream::arguments(Block& block, std::string_view piece, std::string& out) {
  if (piece.empty()) return;
  block.has_arguments = true;
  delta_.assign(R"("tool_calls":[{"index":)");
  append_number(delta_, block.ordinal);
  delta_ += R"(,"function":{"arguments":)";
  append_string(delta_, piece);
  delta_ += "}}]";
  chunk(delta_, {}, out);
  output_bytes += static_cast<std::int64_t>(piece.size());
}

void Stream::on_block_start(const json::object& event, std::string& out) {
  json::object content;
  if (json::object_of(event, "content_block").get(content) != simdjson::SUCCESS) return;
  const auto index = json::count_of(event, "index");
  const auto type = json::text_of(content, "type");
  auto& current = block(index);
  if (type == "tool_use") {
    start_tool(current, content, out);
  } else if (type == "text") {
    current.kind = Kind::text;
    text_bytes_ += json::text_of(content, "text").size();
    say("content", json::text_of(content, "text"), out);
  } else if (type == "thinking") {
    current.kind = Kind::thinking;
    say("reasoning_content", json::text_of(content, "thinking"), out);
  } else {
    current.kind = Kind::other;
    extend(index, R"("block":)" + simdjson::minify(content), out);
  }
}

void Stream::on_block_delta(const json::object& event, std::string& out) {
  json::object delta, citation;
  if (json::object_of(event, "delta").get(delta) != simdjson::SUCCESS) return;
  const auto index = json::count_of(event, "index");
  const auto type = json::text_of(delta, "type");
  auto& current = block(index);
  if (type == "text_delta") {
    text_bytes_ += json::text_of(delta, "text").size();
    say("content", json::text_of(delta, "text"), out);
  } else if (type == "thinking_delta") {
    say("reasoning_content", json::text_of(delta, "thinking"), out);
  } else if (type == "input_json_delta" && current.kind == Kind::tool) {
    arguments(current, json::text_of(delta, "partial_json"), out);
  } else if (type == "citations_delta" &&
             json::object_of(delta, "citation").get(citation) == simdjson::SUCCESS) {
    const auto known = annotation(citation, 0, text_bytes_);
    if (!known.empty()) {
      delta_.assign(R"("annotations":[)").append(known).append(1, ']');
      chunk(delta_, {}, out);
    }
    extend(index, R"("citation":)" + simdjson::minify(citation), out);
  } else {
    // Signatures, pieces of server tools' input, and kinds that are yet to come.
    extend(index, R"("delta":)" + simdjson::minify(delta), out);
  }
}

void Stream::on_block_stop(const json::object& event, std::string& out) {
  auto& current = block(json::count_of(event, "index"));
  if (current.kind == Kind::tool && !current.has_arguments) arguments(current, "{}", out);
  current.kind = current.kind == Kind::tool ? Kind::other : current.kind;
}

void Stream::on_message_delta(const json::object& event, std::string& out) {
  json::object figures, delta, details;
  if (json::object_of(event, "usage").get(figures) == simdjson::SUCCESS) {
    tally_.take(figures);
    usage = tally_.usage();
  }
  if (json::object_of(event, "delta").get(delta) != simdjson::SUCCESS) return;
  const auto reason = json::text_of(delta, "stop_reason");
  if (reason.empty()) return;
  std::string_view refusal;
  if (reason == "refusal" && json::object_of(delta, "stop_details").get(details) == simdjson::SUCCESS) {
    refusal = json::text_of(details, "explanation");
  }
  finish(finish_reason(reason), refusal, out);
}

void Stream::finish(std::string_view reason, std::string_view refusal, std::string& out) {
  if (finished_) return;
  finished_ = true;
  open(nullptr, out);
  delta_.clear();
  if (!refusal.empty()) {
    delta_ = R"("refusal":)";
    append_string(delta_, refusal);
  }
  chunk(delta_, reason, out);
  content_started = true;
}

void Stream::on_message_stop(std::string& out) {
  finish("stop", {}, out);
  if (include_usage_ && usage)
    out.append(head_).append(R"(],"usage":)").append(usage_json(*usage)).append("}\n\n");
  out.append("data: [DONE]\n\n");
  ended = true;
}

}  // namespace troupe::providers::anthropic
