#include "gateway/dialects/responses/shape.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "gateway/dialects/responses/encode.hpp"
#include "gateway/dialects/responses/items.hpp"
#include "gateway/dialects/responses/usage.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

/// The question, as every response object repeats it; defaults where nothing was said. `store` is false
/// whatever was asked: nothing is kept here.
Json echo(const Conversation& talk) {
  const auto* system = instructions(talk);
  auto tools = encode_tools(talk, true);
  auto choice = encode_choice(talk);
  auto format = encode_text(talk);
  if (!format.contains("format")) format["format"] = {{"type", "text"}};
  Json out = {
      {"background", false},
      {"instructions", system ? Json(*system) : Json()},
      {"max_output_tokens", or_null(talk.sampling.max_output)},
      {"metadata", talk.metadata.is_object() ? talk.metadata : Json::object()},
      {"parallel_tool_calls", talk.choice.parallel.value_or(true)},
      {"prompt_cache_key", or_null(talk.cache_key)},
      {"reasoning", {{"effort", or_null(talk.thinking.effort)}, {"summary", or_null(talk.thinking.summary)}}},
      {"store", false},
      {"temperature", or_null(talk.sampling.temperature)},
      {"text", std::move(format)},
      {"tool_choice", choice.is_null() ? Json("auto") : std::move(choice)},
      {"tools", tools ? std::move(*tools) : Json::array()},
      {"top_logprobs", talk.sampling.top_logprobs.value_or(0)},
      {"top_p", or_null(talk.sampling.top_p)},
      {"user", or_null(talk.user)}};
  const auto repeat = [&](const char* name, Json otherwise) {
    const auto* value = extra(talk, name);
    out[name] = value ? *value : std::move(otherwise);
  };
  repeat("max_tool_calls", nullptr);
  repeat("previous_response_id", nullptr);
  repeat("safety_identifier", nullptr);
  repeat("truncation", "disabled");
  return out;
}

bool asks_for_seals(const Conversation& talk) {
  const auto* include = extra(talk, "include");
  const auto sealed = [](const Json& one) { return one == "reasoning.encrypted_content"; };
  return include && include->is_array() && std::any_of(include->begin(), include->end(), sealed);
}

}  // namespace

Shape::Shape(const Framing& framing) : fallback_id_(framing.id), fallback_model_(framing.model) {
  const Conversation nothing;
  const auto& asked = framing.asked ? *framing.asked : nothing;
  const auto text = dump(echo(asked));
  echo_ = text.substr(1, text.size() - 2);
  created_ = framing.created;
  seals_ = !framing.asked || asks_for_seals(asked);
  for (const auto& tool : asked.tools) {
    if (tool.own && dialects::text(tool.own->json, "type") == "custom") customs_.push_back(tool.name);
    if (tool.space) spaces_.emplace_back(tool.name, tool.space->name);
  }
  name({}, {}, 0);
}

void Shape::name(std::string_view id, std::string_view model, std::int64_t created) {
  id_ = response_id(id, fallback_id_);
  model_ = model.empty() ? fallback_model_ : std::string(model);
  if (created > 0) created_ = created;
}

bool Shape::custom(std::string_view tool) const {
  return std::find(customs_.begin(), customs_.end(), tool) != customs_.end();
}

std::string_view Shape::space(std::string_view tool) const {
  for (const auto& [name, space] : spaces_) {
    if (name == tool) return space;
  }
  return {};
}

void Shape::append(std::string& out, const Moment& moment) const {
  const auto reason = moment.running ? std::string_view() : incomplete_reason(moment.finish);
  out += R"({"id":)";
  log::append_json_string(out, id_);
  out += R"(,"object":"response","created_at":)";
  append_number(out, created_);
  append_member(out, "status", moment.running ? "in_progress" : status_word(moment.finish));
  out.append(R"(,"error":)").append(moment.error.empty() ? "null" : moment.error);
  if (reason.empty()) {
    out += R"(,"incomplete_details":null)";
  } else {
    out.append(R"(,"incomplete_details":{"reason":")").append(reason).append("\"}");
  }
  append_member(out, "model", model_);
  out.append(1, ',').append(echo_);
  out.append(R"(,"output":[)").append(moment.output).append(1, ']');
  if (moment.tier.empty()) {
    out += R"(,"service_tier":null)";
  } else {
    append_member(out, "service_tier", moment.tier);
  }
  out += R"(,"usage":)";
  if (moment.usage) {
    append_usage(out, *moment.usage);
  } else {
    out += "null";
  }
  out += '}';
}

std::string error_json(std::string_view code, std::string_view detail) {
  std::string out = R"({"code":)";
  log::append_json_string(out, code);
  append_member(out, "message", detail.empty() ? "The model could not finish its answer." : detail);
  return out += '}';
}

}  // namespace troupe::dialects::responses
