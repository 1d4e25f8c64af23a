#include "gateway/dialects/ollama/stream_encode.hpp"

#include "gateway/dialects/time_text.hpp"

namespace troupe::dialects::ollama {

void Encoder::begin(std::string_view, std::string_view model, std::int64_t created) {
  if (!model.empty()) model_ = model;
  if (created > 0) created_ = created;
}

void Encoder::send(std::string_view content, const char* name, Ordered value) {
  Ordered line = {{"model", model_},
                  {"created_at", write_time(created_)},
                  {"message", {{"role", "assistant"}, {"content", content}}}};
  if (name != nullptr) line["message"][name] = std::move(value);
  line["done"] = false;
  out.append(line.dump(-1, ' ', false, Ordered::error_handler_t::replace)).append("\n");
}

void Encoder::text(std::string_view piece) {
  send(piece, nullptr, nullptr);
}

void Encoder::reasoning(std::string_view piece) {
  send({}, "thinking", piece);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name, std::string_view) {
  auto& call = calls_[ordinal];
  call.id = id;
  call.name = name;
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  if (const auto found = calls_.find(ordinal); found != calls_.end()) found->second.arguments.append(piece);
}

void Encoder::tool_end(std::size_t ordinal) {
  const auto found = calls_.find(ordinal);
  if (found == calls_.end()) return;
  send({}, "tool_calls", Ordered::array({call_json(found->second)}));
  calls_.erase(found);
}

void Encoder::finish(Finish finish, std::string_view, std::string_view detail) {
  last_.finish = finish;
  last_.finish_detail = detail;
}

void Encoder::end() {
  Ordered line = {{"model", model_},
                  {"created_at", write_time(created_)},
                  {"message", {{"role", "assistant"}, {"content", ""}}}};
  add_ending(last_, line);
  out.append(line.dump(-1, ' ', false, Ordered::error_handler_t::replace)).append("\n");
}

}  // namespace troupe::dialects::ollama
