#include "gateway/batch/objects.hpp"

#include <array>

namespace troupe::batch {
namespace {

constexpr std::array<std::string_view, 8> kNames{"validating", "failed",  "in_progress", "finalizing",
                                                 "completed",  "expired", "cancelling",  "cancelled"};

Json or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}
Json or_null(Second at) {
  return at == 0 ? Json() : Json(at);
}

Json errors_of(const Batch& batch) {
  if (batch.errors.empty()) return nullptr;
  auto data = Json::array();
  for (const auto& one : batch.errors)
    data.push_back({{"code", one.code},
                    {"message", one.message},
                    {"param", or_null(one.param)},
                    {"line", one.line == 0 ? Json() : Json(one.line)}});
  return {{"object", "list"}, {"data", std::move(data)}};
}

std::string text(const Json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}
std::int64_t number(const Json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
}

std::optional<Status> status_of(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == text) return static_cast<Status>(i);
  return std::nullopt;
}

std::vector<LineError> read_errors(const Json& from) {
  std::vector<LineError> out;
  const auto errors = from.find("errors");
  if (errors == from.end() || !errors->is_object() || !errors->contains("data")) return out;
  for (const auto& one : errors->at("data")) {
    if (!one.is_object()) continue;
    out.push_back({text(one, "code"), text(one, "message"), text(one, "param"),
                   static_cast<std::size_t>(number(one, "line"))});
  }
  return out;
}

void keep_owner(Json& out, const Owner& owner) {
  out["tenant"] = owner.tenant;
  out["key"] = owner.key;
}

}  // namespace

std::string_view name(Status status) {
  return kNames.at(static_cast<std::size_t>(status));
}

bool over(Status status) {
  return status == Status::failed || status == Status::completed || status == Status::expired ||
         status == Status::cancelled;
}

void Batch::become(Status next, Second now) {
  if (over(status)) return;
  status = next;
  switch (next) {
    case Status::validating:
      break;
    case Status::failed:
      failed_at = now;
      break;
    case Status::in_progress:
      in_progress_at = now;
      break;
    case Status::finalizing:
      finalizing_at = now;
      break;
    case Status::completed:
      completed_at = now;
      break;
    case Status::expired:
      expired_at = now;
      break;
    case Status::cancelling:
      cancelling_at = now;
      break;
    case Status::cancelled:
      cancelled_at = now;
      break;
  }
}

Json shown(const File& file) {
  return {{"id", file.id},
          {"object", "file"},
          {"bytes", file.bytes},
          {"created_at", file.created_at},
          {"expires_at", or_null(file.expires_at)},
          {"filename", file.filename},
          {"purpose", file.purpose},
          {"status", "processed"},
          {"status_details", nullptr}};
}

Json shown(const Batch& batch) {
  return {{"id", batch.id},
          {"object", "batch"},
          {"endpoint", batch.endpoint},
          {"errors", errors_of(batch)},
          {"input_file_id", batch.input_file_id},
          {"completion_window", batch.completion_window},
          {"status", name(batch.status)},
          {"output_file_id", or_null(batch.output_file_id)},
          {"error_file_id", or_null(batch.error_file_id)},
          {"created_at", batch.created_at},
          {"in_progress_at", or_null(batch.in_progress_at)},
          {"expires_at", or_null(batch.expires_at)},
          {"finalizing_at", or_null(batch.finalizing_at)},
          {"completed_at", or_null(batch.completed_at)},
          {"failed_at", or_null(batch.failed_at)},
          {"expired_at", or_null(batch.expired_at)},
          {"cancelling_at", or_null(batch.cancelling_at)},
          {"cancelled_at", or_null(batch.cancelled_at)},
          {"request_counts",
           {{"total", batch.counts.total},
            {"completed", batch.counts.completed},
            {"failed", batch.counts.failed}}},
          {"metadata", batch.metadata}};
}

Json kept(const File& file) {
  auto out = shown(file);
  keep_owner(out, file.owner);
  return out;
}

Json kept(const Batch& batch) {
  auto out = shown(batch);
  keep_owner(out, batch.owner);
  out["ran_out"] = batch.ran_out;
  return out;
}

std::optional<File> read_file(const Json& from) {
  if (!from.is_object() || text(from, "object") != "file") return std::nullopt;
  File out;
  out.id = text(from, "id");
  out.filename = text(from, "filename");
  out.purpose = text(from, "purpose");
  out.owner = {text(from, "tenant"), text(from, "key")};
  out.bytes = number(from, "bytes");
  out.created_at = number(from, "created_at");
  out.expires_at = number(from, "expires_at");
  return out;
}

std::optional<Batch> read_batch(const Json& from) {
  if (!from.is_object() || text(from, "object") != "batch") return std::nullopt;
  const auto status = status_of(text(from, "status"));
  const auto counts = from.find("request_counts"), metadata = from.find("metadata");
  if (!status || counts == from.end() || !counts->is_object()) return std::nullopt;
  Batch out;
  out.id = text(from, "id");
  out.endpoint = text(from, "endpoint");
  out.input_file_id = text(from, "input_file_id");
  out.completion_window = text(from, "completion_window");
  out.owner = {text(from, "tenant"), text(from, "key")};
  if (metadata != from.end()) out.metadata = *metadata;
  out.status = *status;
  out.errors = read_errors(from);
  out.counts = {number(*counts, "total"), number(*counts, "completed"), number(*counts, "failed")};
  out.output_file_id = text(from, "output_file_id");
  out.error_file_id = text(from, "error_file_id");
  out.created_at = number(from, "created_at");
  out.expires_at = number(from, "expires_at");
  out.in_progress_at = number(from, "in_progress_at");
  out.finalizing_at = number(from, "finalizing_at");
  out.completed_at = number(from, "completed_at");
  out.failed_at = number(from, "failed_at");
  out.expired_at = number(from, "expired_at");
  out.cancelling_at = number(from, "cancelling_at");
  out.cancelled_at = number(from, "cancelled_at");
  const auto ran_out = from.find("ran_out");
  out.ran_out = ran_out != from.end() && ran_out->is_boolean() && ran_out->get<bool>();
  return out;
}

}  // namespace troupe::batch
