#include "gateway/dialects/embeddings/shapes.hpp"

#include <fmt/format.h>
#include <initializer_list>

#include "gateway/dialects/document.hpp"

namespace troupe::dialects::embeddings {
namespace {

using Ordered = nlohmann::ordered_json;

std::string written(const Ordered& body) {
  return body.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

void copy(const Question& question, std::initializer_list<const char*> names, Ordered& into) {
  for (const auto* name : names) {
    if (const auto* value = member(question.own, name)) into[name] = Ordered(*value);
  }
}

tl::unexpected<Error> malformed() {
  return fail(Fault::provider_stream_malformed, "The provider's answer holds no embeddings.");
}

std::vector<double> vector_of(const doc::array& numbers) {
  std::vector<double> out;
  out.reserve(numbers.size());
  for (const auto item : numbers) {
    double value = 0;
    if (item.get(value) == simdjson::SUCCESS) out.push_back(value);
  }
  return out;
}

/// A list of vectors; each is a list of numbers, or an object that holds one under `inner`.
Result<Answer> vectors_of(const doc::array& list, const char* inner) {
  Answer out;
  for (const auto item : list) {
    doc::array numbers;
    doc::object holder;
    const bool found = inner == nullptr ? item.get(numbers) == simdjson::SUCCESS
                                        : item.get(holder) == simdjson::SUCCESS &&
                                              holder[inner].get(numbers) == simdjson::SUCCESS;
    if (!found) return malformed();
    out.vectors.push_back(vector_of(numbers));
  }
  if (out.vectors.empty()) return malformed();
  return out;
}

void take_usage(const doc::object& from, const char* name, Answer& into) {
  doc::element told;
  if (from[name].get(told) != simdjson::SUCCESS) return;
  into.usage = Usage{};
  into.usage->input = {doc::count_of(told)};
}

Result<std::string> write_gemini(const Question& question, std::string_view model) {
  const auto name = fmt::format("models/{}", model);
  Ordered requests = Ordered::array();
  for (const auto& text : question.texts) {
    Ordered one = {{"model", name}, {"content", {{"parts", Ordered::array({Ordered{{"text", text}}})}}}};
    if (question.dimensions) one["outputDimensionality"] = *question.dimensions;
    if (const auto* task = member(question.own, "task_type")) one["taskType"] = Ordered(*task);
    copy(question, {"title"}, one);
    requests.push_back(std::move(one));
  }
  return written({{"requests", std::move(requests)}});
}

Result<Answer> read_gemini(std::string_view body) {
  doc::object root, usage;
  doc::array list;
  if (doc::parse(body).get(root) != simdjson::SUCCESS || root["embeddings"].get(list) != simdjson::SUCCESS)
    return malformed();
  auto out = vectors_of(list, "values");
  if (out && doc::object_of(root, "usageMetadata").get(usage) == simdjson::SUCCESS)
    take_usage(usage, "promptTokenCount", *out);
  return out;
}

Result<std::string> write_vertex(const Question& question, std::string_view) {
  Ordered out = {{"instances", Ordered::array()}};
  for (const auto& text : question.texts) {
    Ordered one = {{"content", text}};
    copy(question, {"task_type", "title"}, one);
    out["instances"].push_back(std::move(one));
  }
  if (question.dimensions) out["parameters"] = {{"outputDimensionality", *question.dimensions}};
  return written(out);
}

Result<Answer> read_vertex(std::string_view body) {
  doc::object root;
  doc::array list;
  if (doc::parse(body).get(root) != simdjson::SUCCESS || root["predictions"].get(list) != simdjson::SUCCESS)
    return malformed();
  Answer out;
  std::int64_t used = 0;
  for (const auto item : list) {
    doc::object one, statistics;
    doc::array numbers;
    if (item["embeddings"].get(one) != simdjson::SUCCESS || one["values"].get(numbers) != simdjson::SUCCESS)
      return malformed();
    out.vectors.push_back(vector_of(numbers));
    if (doc::object_of(one, "statistics").get(statistics) == simdjson::SUCCESS)
      used += doc::count_of(statistics, "token_count");
  }
  if (out.vectors.empty()) return malformed();
  if (used > 0) {
    out.usage = Usage{};
    out.usage->input = {used};
  }
  return out;
}

Ordered cohere_body(const Question& question) {
  Ordered out = {
      {"texts", question.texts}, {"input_type", "search_document"}, {"embedding_types", {"float"}}};
  copy(question, {"input_type", "truncate"}, out);
  if (question.dimensions) out["output_dimension"] = *question.dimensions;
  return out;
}

Result<std::string> write_cohere(const Question& question, std::string_view model) {
  auto out = cohere_body(question);
  out["model"] = model;
  return written(out);
}

Result<std::string> write_cohere_on_bedrock(const Question& question, std::string_view) {
  return written(cohere_body(question));
}

Result<Answer> read_cohere(std::string_view body) {
  doc::object root, types, meta, billed;
  doc::array list;
  if (doc::parse(body).get(root) != simdjson::SUCCESS) return malformed();
  const bool typed = doc::object_of(root, "embeddings").get(types) == simdjson::SUCCESS;
  if ((typed ? types["float"].get(list) : root["embeddings"].get(list)) != simdjson::SUCCESS)
    return malformed();
  auto out = vectors_of(list, nullptr);
  if (out && doc::object_of(root, "meta").get(meta) == simdjson::SUCCESS &&
      doc::object_of(meta, "billed_units").get(billed) == simdjson::SUCCESS)
    take_usage(billed, "input_tokens", *out);
  return out;
}

Result<std::string> write_titan(const Question& question, std::string_view) {
  if (question.texts.size() > 1)
    return unsupported("input", "Amazon's Titan takes one text a call; send the texts one by one");
  Ordered out = {{"inputText", question.texts.front()}};
  if (question.dimensions) out["dimensions"] = *question.dimensions;
  copy(question, {"normalize"}, out);
  return written(out);
}

Result<Answer> read_titan(std::string_view body) {
  doc::object root;
  doc::array numbers;
  if (doc::parse(body).get(root) != simdjson::SUCCESS || root["embedding"].get(numbers) != simdjson::SUCCESS)
    return malformed();
  Answer out;
  out.vectors.push_back(vector_of(numbers));
  take_usage(root, "inputTextTokenCount", out);
  return out;
}

Result<std::string> write_ollama(const Question& question, std::string_view model) {
  Ordered out = {{"model", model}, {"input", question.texts}};
  if (question.dimensions) out["dimensions"] = *question.dimensions;
  copy(question, {"truncate", "keep_alive", "options"}, out);
  return written(out);
}

Result<Answer> read_ollama(std::string_view body) {
  doc::object root;
  doc::array list;
  if (doc::parse(body).get(root) != simdjson::SUCCESS || root["embeddings"].get(list) != simdjson::SUCCESS)
    return malformed();
  auto out = vectors_of(list, nullptr);
  if (out) take_usage(root, "prompt_eval_count", *out);
  return out;
}

}  // namespace

const Shape kGemini{write_gemini, read_gemini};
const Shape kVertex{write_vertex, read_vertex};
const Shape kCohere{write_cohere, read_cohere};
const Shape kCohereOnBedrock{write_cohere_on_bedrock, read_cohere};
const Shape kTitan{write_titan, read_titan};
const Shape kOllama{write_ollama, read_ollama};

}  // namespace troupe::dialects::embeddings
