#include <algorithm>
#include <array>
#include <utility>

#include "core/log.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::dialects {
namespace {

struct Patch {
  std::size_t begin = 0, end = 0;
  std::string_view text;
};

/// Switches stream_options.include_usage on, wherever it stands or not.
Patch usage_patch(const Request& r) {
  if (r.include_usage_value.present())
    return {r.include_usage_value.begin, r.include_usage_value.end, "true"};
  const auto options = r.stream_options_value;
  if (!options.present()) {
    return {r.insert_at.begin, r.insert_at.end, "\"stream_options\":{\"include_usage\":true},"};
  }
  if (r.body[options.begin] != '{') return {options.begin, options.end, "{\"include_usage\":true}"};
  const auto inside = options.begin + 1;
  const bool empty = r.body[r.body.find_first_not_of(" \t\r\n", inside)] == '}';
  return {inside, inside, empty ? "\"include_usage\":true" : "\"include_usage\":true,"};
}

/// The request with `model` in place of where that patch says, and all that is the gateway's own.
std::string splice(const Request& request, const Patch& model) {
  std::array<Patch, 8> patches;
  std::size_t count = 0;
  patches[count++] = model;
  const bool asks = request.operation == Operation::chat || request.operation == Operation::completions;
  if (asks && request.stream && !request.include_usage) patches[count++] = usage_patch(request);
  for (const auto& span : request.remove) patches[count++] = {span.begin, span.end, {}};
  std::sort(
      patches.begin(), patches.begin() + static_cast<std::ptrdiff_t>(count),
      [](const Patch& a, const Patch& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });

  std::string out;
  out.reserve(request.body.size() + model.text.size() + 48);
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    out.append(request.body, at, patches[i].begin - at).append(patches[i].text);
    at = patches[i].end;
  }
  return out.append(request.body, at, std::string::npos);
}

}  // namespace

std::string splice_request(const Request& request, std::string_view model) {
  std::string quoted;
  log::append_json_string(quoted, model);
  return splice(request, {request.model_value.begin, request.model_value.end, quoted});
}

std::string splice_model_member(const Request& request, std::string_view member) {
  // However its name is escaped, no quote stands inside it.
  const auto close = request.body.rfind('"', request.model_value.begin - 1);
  const auto open = request.body.rfind('"', close - 1);
  return splice(request, {open, request.model_value.end, member});
}

}  // namespace troupe::dialects
