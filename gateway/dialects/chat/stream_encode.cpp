#include "gateway/dialects/chat/stream_encode.hpp"

#include <charconv>

#include "core/log.hpp"
#include "gateway/dialects/chat/encode.hpp"
#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/chat/words.hpp"

namespace troupe::dialects::chat {
namespace {

void append_number(std::string& out, std::int64_t number) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

}  // namespace

Encoder::Encoder(const Framing& framing)
    : id_(framing.id),
      model_(framing.model),
      created_(framing.created),
      include_usage_(framing.include_usage) {}

void Encoder::begin(std::string_view id, std::string_view model, std::int64_t created) {
  if (!id.empty()) id_ = id;
  if (!model.empty()) model_ = model;
  if (created > 0) created_ = created;
  open();
}

void Encoder::open() {
  if (opened_) return;
  opened_ = true;
  head_ = R"(data: {"id":)";
  log::append_json_string(head_, id_);
  head_ += R"(,"object":"chat.completion.chunk","created":)";
  append_number(head_, created_);
  head_ += R"(,"model":)";
  log::append_json_string(head_, model_);
  head_ += R"(,"choices":[)";
  chunk(R"("role":"assistant","content":"")", {});
}

void Encoder::chunk(std::string_view delta, std::string_view finish) {
  out.append(head_).append(R"({"index":0,"delta":{)").append(delta).append(R"(},"finish_reason":)");
  if (finish.empty()) {
    out.append("null");
  } else {
    out.append(1, '"').append(finish).append(1, '"');
  }
  out.append("}]}\n\n");
}

void Encoder::say(std::string_view field, std::string_view text) {
  open();
  delta_.assign(1, '"').append(field).append("\":");
  log::append_json_string(delta_, text);
  chunk(delta_, {});
}

void Encoder::text(std::string_view piece) {
  say("content", piece);
}

void Encoder::reasoning(std::string_view piece) {
  thought_.append(piece);
  say("reasoning_content", piece);
}

void Encoder::seal(Dialect origin, std::string_view signature, bool redacted) {
  open();
  delta_ = R"("reasoning_details":[)";
  append_seal(delta_, origin, thought_, signature, redacted);
  chunk(delta_ += ']', {});
  if (!redacted) thought_.clear();
}

void Encoder::refusal(std::string_view piece) {
  say("refusal", piece);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                         std::string_view signature) {
  open();
  if (told_.size() <= ordinal) told_.resize(ordinal + 1);
  delta_ = R"("tool_calls":[{"index":)";
  append_number(delta_, static_cast<std::int64_t>(ordinal));
  delta_ += R"(,"id":)";
  log::append_json_string(delta_, id);
  delta_ += R"(,"type":"function","function":{"name":)";
  log::append_json_string(delta_, name);
  delta_ += R"(,"arguments":""})";
  if (!signature.empty()) {
    delta_ += R"(,"extra_content":{"google":{"thought_signature":)";
    log::append_json_string(delta_, signature);
    delta_ += "}}";
  }
  chunk(delta_ += "}]", {});
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  if (piece.empty()) return;
  open();
  if (ordinal < told_.size()) told_[ordinal] = true;
  delta_ = R"("tool_calls":[{"index":)";
  append_number(delta_, static_cast<std::int64_t>(ordinal));
  delta_ += R"(,"function":{"arguments":)";
  log::append_json_string(delta_, piece);
  chunk(delta_ += "}}]", {});
}

/// Clients parse the arguments: a tool that takes none gets an empty object.
void Encoder::tool_end(std::size_t ordinal) {
  if (ordinal < told_.size() && !told_[ordinal]) tool_arguments(ordinal, "{}");
}

void Encoder::citation(const Citation& citation) {
  open();
  if (const auto link = annotation(citation); !link.empty()) {
    delta_.assign(R"("annotations":[)").append(link).append("]");
    chunk(delta_, {});
  }
  if (citation.raw.is_null() || citation.origin == Dialect::chat) return;
  delta_.assign(1, '"').append(name(citation.origin)).append(R"(":{"citations":[)");
  delta_.append(citation.raw.dump(-1, ' ', false, Json::error_handler_t::replace)).append("]}");
  chunk(delta_, {});
}

void Encoder::opaque(Dialect origin, std::string_view json) {
  open();
  delta_.assign(1, '"').append(name(origin)).append(R"(":{"blocks":[)").append(json).append("]}");
  chunk(delta_, {});
}

void Encoder::usage(const Usage& usage) {
  usage_ = usage;
}

void Encoder::finish(Finish finish, std::string_view, std::string_view detail) {
  open();
  delta_.clear();
  if (finish == Finish::filtered && !detail.empty()) {
    delta_ = R"("refusal":)";
    log::append_json_string(delta_, detail);
  }
  chunk(delta_, finish_word(finish));
}

void Encoder::end() {
  if (include_usage_ && usage_) {
    out.append(head_).append(R"(],"usage":)");
    append_usage(out, *usage_);
    out.append("}\n\n");
  }
  out.append("data: [DONE]\n\n");
}

}  // namespace troupe::dialects::chat
