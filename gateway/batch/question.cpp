#include "gateway/batch/question.hpp"

#include <charconv>

#include "config/measure.hpp"
#include "gateway/batch/ids.hpp"

namespace troupe::batch {
namespace {

constexpr std::string_view kFiles = "/v1/files", kBatches = "/v1/batches";
constexpr std::size_t kMostFiles = 10'000, kMostBatches = 100, kPairs = 16, kName = 64, kValue = 512;

/// "files/ID/content" behind /v1/ as its parts.
struct Path {
  bool files = false;
  std::string_view id, verb;
};

std::optional<Path> path_of(std::string_view path) {
  Path out;
  out.files = path.starts_with(kFiles);
  if (!out.files && !path.starts_with(kBatches)) return std::nullopt;
  path.remove_prefix(out.files ? kFiles.size() : kBatches.size());
  if (path.empty()) return out;
  if (path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  out.id = path.substr(0, slash);
  if (slash != path.npos) out.verb = path.substr(slash + 1);
  if (out.id.empty() || (slash != path.npos && out.verb != (out.files ? "content" : "cancel")))
    return std::nullopt;
  return out;
}

std::string_view parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.starts_with(name) && one.size() > name.size() && one[name.size()] == '=')
      return one.substr(name.size() + 1);
  }
  return {};
}

tl::unexpected<Error> wrong(std::string param, std::string message) {
  return fail(Fault::caller_bad_request, std::move(message), std::move(param), "invalid_value");
}

Result<PageAsk> page_of(std::string_view query, std::size_t standard, std::size_t most) {
  PageAsk out;
  out.limit = standard;
  out.after = parameter(query, "after");
  const auto limit = parameter(query, "limit"), order = parameter(query, "order");
  if (!limit.empty()) {
    const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), out.limit);
    if (error != std::errc{} || end != limit.data() + limit.size() || out.limit < 1 || out.limit > most)
      return wrong("limit", "'limit' must be a number from 1 to " + std::to_string(most) + ".");
  }
  if (!order.empty() && order != "asc" && order != "desc")
    return wrong("order", "'order' must be asc or desc.");
  out.ascending = order == "asc";
  if (!out.after.empty() && !read_id(out.after))
    return wrong("after", "'after' must be the id of the last object of the page before.");
  return out;
}

Result<void> check_metadata(const Json& metadata) {
  if (metadata.is_null()) return {};
  if (!metadata.is_object()) return wrong("metadata", "'metadata' must be an object of strings.");
  if (metadata.size() > kPairs) return wrong("metadata", "'metadata' has at most 16 pairs.");
  for (const auto& [name, value] : metadata.items()) {
    if (!value.is_string()) return wrong("metadata", "'metadata' must be an object of strings.");
    if (name.size() > kName || value.get_ref<const std::string&>().size() > kValue)
      return wrong("metadata", "A name in 'metadata' has at most 64 bytes, a value at most 512.");
  }
  return {};
}

Result<std::string> required(const Json& body, const char* name) {
  const auto at = body.find(name);
  if (at == body.end() || at->is_null())
    return fail(Fault::caller_bad_request, std::string("Missing required parameter: '") + name + "'.", name,
                "missing_required_parameter");
  if (!at->is_string()) return wrong(name, std::string("'") + name + "' must be a string.");
  return at->get<std::string>();
}

Result<std::int64_t> window_of(const std::string& text, Duration longest) {
  const auto span = config::parse_duration(text);
  if (!span || *span < std::chrono::seconds(1) || *span > longest)
    return wrong("completion_window", "'completion_window' must be a time such as 24h, from 1s to " +
                                          config::format_duration(longest) + ".");
  return std::chrono::floor<std::chrono::seconds>(*span).count();
}

Result<void> read_batch_body(std::string_view text, Duration longest, Question& out) {
  const auto body = Json::parse(text, nullptr, false);
  if (!body.is_object())
    return fail(Fault::caller_bad_request, "The request body must be a JSON object.", {}, "invalid_json");
  const auto input = required(body, "input_file_id");
  if (!input) return tl::unexpected(input.error());
  const auto endpoint = required(body, "endpoint");
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (!batch_endpoint(*endpoint))
    return wrong("endpoint",
                 "'endpoint' must be /v1/chat/completions, /v1/responses, /v1/completions, /v1/embeddings or "
                 "/v1/messages.");
  const auto window = required(body, "completion_window");
  if (!window) return tl::unexpected(window.error());
  const auto seconds = window_of(*window, longest);
  if (!seconds) return tl::unexpected(seconds.error());
  const auto metadata = body.contains("metadata") ? body["metadata"] : Json();
  if (auto good = check_metadata(metadata); !good) return good;
  out.id = *input;
  out.with = {
      {"endpoint", *endpoint}, {"completion_window", *window}, {"window", *seconds}, {"metadata", metadata}};
  return {};
}

}  // namespace

Answer answer_of(const Json& object) {
  return {200, object.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Answer refusal(int status, std::string_view message, std::string_view param, std::string_view code) {
  auto out = answer_of({{"message", message}, {"param", param}, {"code", code}});
  out.status = status;
  return out;
}

Result<Question> question_of(std::string_view method, std::string_view path, std::string_view query,
                             std::string_view body, Duration longest) {
  const auto parts = path_of(path);
  if (!parts) return fail(Fault::caller_not_found, "Unknown request URL.", {}, "unknown_url");
  Question out;
  out.id = parts->id;
  if (parts->id.empty() && method == "GET") {
    out.what = parts->files ? What::list_files : What::list_batches;
    auto page = page_of(query, parts->files ? kMostFiles : 20, parts->files ? kMostFiles : kMostBatches);
    if (!page) return tl::unexpected(page.error());
    out.page = *page;
    out.purpose = parameter(query, "purpose");
  } else if (parts->id.empty()) {
    out.what = What::make_batch;
    if (auto read = read_batch_body(body, longest, out); !read) return tl::unexpected(read.error());
  } else if (parts->files) {
    out.what = method == "DELETE"         ? What::delete_file
               : parts->verb == "content" ? What::read_file
                                          : What::show_file;
  } else {
    out.what = parts->verb == "cancel" ? What::cancel_batch : What::show_batch;
  }
  return out;
}

std::string_view methods_of(std::string_view path) {
  const auto parts = path_of(path);
  if (!parts) return {};
  if (parts->id.empty()) return "GET, POST";
  if (parts->files) return parts->verb.empty() ? "GET, DELETE" : "GET";
  return parts->verb.empty() ? "GET" : "POST";
}

std::string to_text(const Question& question) {
  const Json out{{"what", static_cast<int>(question.what)},
                 {"tenant", question.owner.tenant},
                 {"key", question.owner.key},
                 {"id", question.id},
                 {"after", question.page.after},
                 {"limit", question.page.limit},
                 {"ascending", question.page.ascending},
                 {"purpose", question.purpose},
                 {"offset", question.offset},
                 {"with", question.with}};
  return answer_of(out).text;
}

std::optional<Question> read_question(std::string_view text) try {
  const auto from = Json::parse(text);
  const int what = from.at("what").get<int>();
  if (what < 0 || what > static_cast<int>(What::cancel_batch)) return std::nullopt;
  Question out;
  out.what = static_cast<What>(what);
  out.owner = {from.at("tenant").get<std::string>(), from.at("key").get<std::string>()};
  out.id = from.at("id").get<std::string>();
  out.page = {from.at("after").get<std::string>(), from.at("limit").get<std::size_t>(),
              from.at("ascending").get<bool>()};
  out.purpose = from.at("purpose").get<std::string>();
  out.offset = from.at("offset").get<std::uint64_t>();
  out.with = from.at("with");
  return out;
} catch (const Json::exception&) {
  return std::nullopt;
}

}  // namespace troupe::batch
