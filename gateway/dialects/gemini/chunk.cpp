#include "gateway/dialects/gemini/chunk.hpp"
#include "gateway/dialects/seal.hpp"

#include <fmt/format.h>

#include "gateway/dialects/gemini/partial_args.hpp"
#include "gateway/dialects/gemini/usage.hpp"
#include "gateway/dialects/gemini/words.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/time_text.hpp"

namespace troupe::dialects::gemini {
namespace {

bool is_true(const doc::object& from, std::string_view key) {
  bool flag = false;
  return from[key].get(flag) == simdjson::SUCCESS && flag;
}

/// A word, or its number; "" when there is none.
std::string_view word_of(const doc::object& from, std::string_view key) {
  doc::element value;
  if (from[key].get(value) != simdjson::SUCCESS || value.is_null()) return {};
  if (value.is_string()) return doc::text_of(value);
  const auto word = value.is_number() ? finish_of_number(doc::count_of(value)) : "";
  return word.empty() ? "FINISH_REASON_UNSPECIFIED" : word;
}

bool has(const doc::object& from, std::string_view key) {
  doc::element value;
  return from[key].get(value) == simdjson::SUCCESS;
}

}  // namespace

bool ChunkReader::take(const doc::object& chunk, EventSink& out) {
  if (!has(chunk, "candidates") && !has(chunk, "promptFeedback") && !has(chunk, "usageMetadata"))
    return false;
  if (!begun_) {
    begun_ = true;
    id_ = doc::text_of(chunk, "responseId");
    out.begin(id_, doc::text_of(chunk, "modelVersion"), read_time(doc::text_of(chunk, "createTime")));
  }
  doc::array candidates;
  doc::object feedback, usage;
  if (chunk["candidates"].get(candidates) == simdjson::SUCCESS) {
    for (const auto item : candidates) {
      doc::object candidate;
      if (item.get(candidate) == simdjson::SUCCESS && doc::count_of(candidate, "index") == 0)
        take_candidate(candidate, out);
    }
  }
  if (doc::object_of(chunk, "promptFeedback").get(feedback) == simdjson::SUCCESS) take_feedback(feedback);
  if (const auto used = find_usage(chunk)) out.usage(*used);
  if (doc::object_of(chunk, "usageMetadata").get(usage) == simdjson::SUCCESS) {
    if (const auto tier = doc::text_of(usage, "serviceTier"); !tier.empty()) tier_ = tier;
  }
  return true;
}

/// A prompt that was refused has no candidates.
void ChunkReader::take_feedback(const doc::object& feedback) {
  const auto reason = doc::text_of(feedback, "blockReason");
  if (reason.empty() || reason == "BLOCK_REASON_UNSPECIFIED") return;
  blocked_ = true;
  word_ = reason;
  detail_ = doc::text_of(feedback, "blockReasonMessage");
}

void ChunkReader::take_candidate(const doc::object& candidate, EventSink& out) {
  doc::object content;
  doc::array parts;
  if (doc::object_of(candidate, "content").get(content) == simdjson::SUCCESS &&
      content["parts"].get(parts) == simdjson::SUCCESS) {
    for (const auto item : parts) {
      doc::object part;
      if (item.get(part) == simdjson::SUCCESS) take_part(part, out);
    }
  }
  take_sources(candidate, out);
  if (const auto word = word_of(candidate, "finishReason"); !word.empty() && !blocked_) {
    word_ = word;
    detail_ = doc::text_of(candidate, "finishMessage");
  }
}

/// What waited for its end: arguments that came in pieces, and the seal of a text.
void ChunkReader::settle(EventSink& out) {
  if (!partial_.is_null()) {
    out.tool_arguments(calls_ - 1, dump(partial_));
    out.tool_end(calls_ - 1);
    partial_ = nullptr;
  }
  if (seal_.empty()) return;
  const auto seal = read_seal(seal_, Dialect::gemini);
  out.seal(seal.origin, seal.signature, true);
  seal_.clear();
}

void ChunkReader::take_part(const doc::object& part, EventSink& out) {
  const auto seal = doc::text_of(part, "thoughtSignature");
  doc::object call;
  doc::element text;
  if (doc::object_of(part, "functionCall").get(call) == simdjson::SUCCESS) {
    take_call(call, seal, out);
  } else if (part["text"].get(text) == simdjson::SUCCESS || (part.size() == 1 && !seal.empty())) {
    take_text(doc::text_of(part, "text"), is_true(part, "thought"), seal, out);
  } else if (part.size() > 0) {
    settle(out);
    out.opaque(Dialect::gemini, simdjson::minify(part));
  }
}

void ChunkReader::take_text(std::string_view text, bool thought, std::string_view seal, EventSink& out) {
  if (!text.empty() || !seal.empty()) settle(out);
  if (!thought) {
    if (!text.empty()) out.text(text);
    if (!seal.empty()) seal_ = seal;
    return;
  }
  if (!text.empty()) out.reasoning(text);
  if (seal.empty()) return;
  const auto read = read_seal(seal, Dialect::gemini);
  out.seal(read.origin, read.signature, false);
}

void ChunkReader::take_call(const doc::object& call, std::string_view seal, EventSink& out) {
  if (!partial_.is_null() && doc::text_of(call, "name").empty()) return take_partial(call, out);
  settle(out);
  if (!doc::text_of(call, "name").empty()) begin_call(call, seal, out);
}

/// Most models name no id; one that is made up of the answer's is as good to answer to.
void ChunkReader::begin_call(const doc::object& call, std::string_view seal, EventSink& out) {
  const auto ordinal = calls_++;
  const auto given = doc::text_of(call, "id");
  const auto id =
      given.empty() ? fmt::format("call_{}{}{}", id_, id_.empty() ? "" : "_", ordinal) : std::string(given);
  out.tool_begin(ordinal, id, doc::text_of(call, "name"), seal);
  doc::object args;
  const bool any = doc::object_of(call, "args").get(args) == simdjson::SUCCESS;
  if (is_true(call, "willContinue") || has(call, "partialArgs")) {
    partial_ = any ? Json::parse(simdjson::minify(args), nullptr, false) : Json::object();
    return take_partial(call, out);
  }
  out.tool_arguments(ordinal, any ? simdjson::minify(args) : std::string("{}"));
  out.tool_end(ordinal);
}

void ChunkReader::take_partial(const doc::object& call, EventSink& out) {
  doc::array values;
  if (call["partialArgs"].get(values) == simdjson::SUCCESS) {
    for (const auto item : values) {
      doc::object value;
      if (item.get(value) == simdjson::SUCCESS) add_partial(partial_, value);
    }
  }
  if (!is_true(call, "willContinue")) settle(out);
}

void ChunkReader::complete(EventSink& out) {
  settle(out);
  if (blocked_) {
    out.finish(Finish::filtered, {}, detail_.empty() ? word_ : detail_);
  } else {
    const auto finish = read_finish(word_, calls_ > 0);
    const bool plain = finish == Finish::stop || finish == Finish::length || finish == Finish::tools;
    const bool silent = word_ == "FINISH_REASON_UNSPECIFIED";
    out.finish(finish, {}, !detail_.empty() || plain || silent ? detail_ : word_);
  }
  out.end();
}

}  // namespace troupe::dialects::gemini
