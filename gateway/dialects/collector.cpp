#include "gateway/dialects/collector.hpp"

#include "gateway/dialects/json.hpp"

namespace troupe::dialects {

/// The part that is being told: the last one when it is of this kind, else a new one.
template <class T>
T& Collector::last() {
  auto& parts = reply_.parts;
  if (parts.empty() || !std::holds_alternative<T>(parts.back().is)) parts.push_back({T{}});
  return std::get<T>(parts.back().is);
}

void Collector::begin(std::string_view id, std::string_view model, std::int64_t created) {
  reply_.id = id;
  reply_.model = model;
  reply_.created = created;
}

void Collector::text(std::string_view piece) {
  last<Text>().text.append(piece);
}

void Collector::reasoning(std::string_view piece) {
  auto* thought = &last<Reasoning>();
  if (!thought->signature.empty()) {  // sealed: a new one begins
    reply_.parts.push_back({Reasoning{}});
    thought = &std::get<Reasoning>(reply_.parts.back().is);
  }
  thought->text.append(piece);
}

void Collector::seal(Dialect origin, std::string_view signature, bool redacted) {
  if (redacted || !last<Reasoning>().signature.empty()) reply_.parts.push_back({Reasoning{}});
  auto& thought = last<Reasoning>();
  thought.signature = signature;
  thought.origin = origin;
  thought.redacted = redacted;
}

void Collector::refusal(std::string_view piece) {
  last<Refusal>().text.append(piece);
}

void Collector::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                           std::string_view signature) {
  calls_[ordinal] = reply_.parts.size();
  ToolCall call;
  call.id = id;
  call.name = name;
  call.signature = signature;
  reply_.parts.push_back({std::move(call)});
}

void Collector::tool_arguments(std::size_t ordinal, std::string_view piece) {
  const auto found = calls_.find(ordinal);
  if (found != calls_.end()) std::get<ToolCall>(reply_.parts[found->second].is).arguments.append(piece);
}

void Collector::tool_end(std::size_t) {}

void Collector::citation(const Citation& citation) {
  last<Text>().citations.push_back(citation);
}

void Collector::opaque(Dialect origin, std::string_view json) {
  reply_.parts.push_back({Opaque{origin, Json::parse(json, nullptr, false)}});
}

void Collector::usage(const Usage& usage) {
  reply_.usage = usage;
}

void Collector::finish(Finish finish, std::string_view stop_sequence, std::string_view detail) {
  reply_.finish = finish;
  reply_.stop_sequence = stop_sequence;
  reply_.finish_detail = detail;
}

void Collector::end() {
  whole_ = true;
}

namespace {

struct Player {
  EventSink& out;
  std::size_t calls = 0;

  void operator()(const Text& part) {
    if (!part.text.empty()) out.text(part.text);
    for (const auto& citation : part.citations) out.citation(citation);
  }
  void operator()(const Reasoning& part) {
    if (!part.text.empty()) out.reasoning(part.text);
    if (!part.signature.empty()) out.seal(part.origin, part.signature, part.redacted);
  }
  void operator()(const Refusal& part) { out.refusal(part.text); }
  void operator()(const ToolCall& part) {
    out.tool_begin(calls, part.id, part.name, part.signature);
    if (!part.arguments.empty()) out.tool_arguments(calls, part.arguments);
    out.tool_end(calls++);
  }
  void operator()(const Opaque& part) { out.opaque(part.origin, dump(part.json)); }
  void operator()(const Media&) {}
  void operator()(const ToolResult&) {}
};

}  // namespace

void play(const Reply& reply, EventSink& out) {
  out.begin(reply.id, reply.model, reply.created);
  Player player{out};
  for (const auto& part : reply.parts) std::visit(player, part.is);
  if (reply.usage) out.usage(*reply.usage);
  out.finish(reply.finish, reply.stop_sequence, reply.finish_detail);
  out.end();
}

}  // namespace troupe::dialects
