#include <fmt/format.h>
#include <iterator>
#include <map>

#include "core/log.hpp"
#include "gateway/dialects/chat/encode.hpp"
#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/chat/words.hpp"

namespace troupe::dialects::chat {
namespace {

/// A JSON array in the making.
struct List {
  std::string items;
  void add(std::string_view item) {
    if (item.empty()) return;
    if (!items.empty()) items += ',';
    items += item;
  }
};

/// An answer's parts, sorted to where this dialect has a place for them.
struct Sorted {
  std::string text, reasoning, refusal, sealed;
  List calls, annotations;
  struct Guest {
    List citations, blocks;
  };
  std::map<Dialect, Guest> guests;  ///< what only other dialects know, under their names

  void operator()(const Text& part) {
    text += part.text;
    for (const auto& citation : part.citations) {
      annotations.add(annotation(citation));
      if (citation.raw.is_null()) continue;
      if (citation.origin == Dialect::chat) {
        annotations.add(dump(citation.raw));
      } else {
        guests[citation.origin].citations.add(dump(citation.raw));
      }
    }
  }
  void operator()(const Reasoning& part) {
    reasoning += part.text;
    if (part.signature.empty()) return;
    if (!sealed.empty()) sealed += ',';
    append_seal(sealed, part.origin, part.text, part.signature, part.redacted);
  }
  void operator()(const Refusal& part) { refusal += part.text; }
  void operator()(const ToolCall& call) {
    std::string out = R"({"id":)";
    log::append_json_string(out, call.id);
    out +=
        call.custom ? R"(,"type":"custom","custom":{"name":)" : R"(,"type":"function","function":{"name":)";
    log::append_json_string(out, call.name);
    out += call.custom ? R"(,"input":)" : R"(,"arguments":)";
    log::append_json_string(out, call.arguments.empty() && !call.custom ? "{}" : call.arguments);
    out += '}';
    if (!call.signature.empty()) {
      out += R"(,"extra_content":{"google":{"thought_signature":)";
      log::append_json_string(out, call.signature);
      out += "}}";
    }
    calls.add(out + "}");
  }
  void operator()(const Opaque& part) { guests[part.origin].blocks.add(dump(part.json)); }
  void operator()(const Media&) {}
  void operator()(const ToolResult&) {}
};

void append_guests(std::string& out, const Sorted& parts) {
  for (const auto& [origin, guest] : parts.guests) {
    List members;
    if (!guest.citations.items.empty()) members.add(R"("citations":[)" + guest.citations.items + "]");
    if (!guest.blocks.items.empty()) members.add(R"("blocks":[)" + guest.blocks.items + "]");
    out.append(",\"").append(name(origin)).append("\":{").append(members.items).append("}");
  }
}

void append_message(std::string& out, const Sorted& parts, std::string_view refusal) {
  out += R"({"role":"assistant","content":)";
  if (parts.text.empty() && (!parts.calls.items.empty() || !refusal.empty())) {
    out += "null";
  } else {
    log::append_json_string(out, parts.text);
  }
  out += R"(,"refusal":)";
  if (refusal.empty()) {
    out += "null";
  } else {
    log::append_json_string(out, refusal);
  }
  if (!parts.reasoning.empty()) {
    out += R"(,"reasoning_content":)";
    log::append_json_string(out, parts.reasoning);
  }
  if (!parts.sealed.empty()) out += R"(,"reasoning_details":[)" + parts.sealed + "]";
  if (!parts.calls.items.empty()) out += R"(,"tool_calls":[)" + parts.calls.items + "]";
  if (!parts.annotations.items.empty()) out += R"(,"annotations":[)" + parts.annotations.items + "]";
  append_guests(out, parts);
  out += '}';
}

}  // namespace

void append_seal(std::string& out, Dialect origin, std::string_view text, std::string_view signature,
                 bool redacted) {
  out += redacted ? R"({"type":"reasoning.encrypted","data":)" : R"({"type":"reasoning.text","text":)";
  log::append_json_string(out, redacted ? signature : text);
  if (!redacted) {
    out += R"(,"signature":)";
    log::append_json_string(out, signature);
  }
  out.append(R"(,"format":")").append(seal_format(origin)).append("\"}");
}

std::string annotation(const Citation& citation) {
  if (citation.url.empty()) return {};
  auto out = fmt::format(R"({{"type":"url_citation","url_citation":{{"start_index":{},"end_index":{},"url":)",
                         citation.start, citation.end);
  log::append_json_string(out, citation.url);
  out += R"(,"title":)";
  log::append_json_string(out, citation.title);
  return out + "}}";
}

std::string encode_reply(const Reply& reply, const Framing& framing) {
  Sorted parts;
  for (const auto& part : reply.parts) std::visit(parts, part.is);
  // Why a model refused, where it said no more than that.
  const bool declined = reply.finish == Finish::filtered && parts.refusal.empty();
  const auto& refusal = declined ? reply.finish_detail : parts.refusal;
  std::string out = R"({"id":)";
  log::append_json_string(out, reply.id.empty() ? framing.id : reply.id);
  fmt::format_to(std::back_inserter(out), R"(,"object":"chat.completion","created":{},"model":)",
                 reply.created > 0 ? reply.created : framing.created);
  log::append_json_string(out, reply.model.empty() ? framing.model : reply.model);
  out += R"(,"choices":[{"index":0,"message":)";
  append_message(out, parts, refusal);
  out += R"(,"logprobs":)";
  out += reply.logprobs.is_null() ? "null" : dump(reply.logprobs);
  out.append(R"(,"finish_reason":")").append(finish_word(reply.finish)).append("\"}]");
  if (reply.usage) {
    out += R"(,"usage":)";
    append_usage(out, *reply.usage);
  }
  if (!reply.service_tier.empty()) {
    out += R"(,"service_tier":)";
    log::append_json_string(out, reply.service_tier);
  }
  return out + "}";
}

}  // namespace troupe::dialects::chat
