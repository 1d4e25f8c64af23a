#include <algorithm>

#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/foreign.hpp"

namespace troupe::dialects::converse {
namespace {

/// What requestMetadata takes: 16 members, names and values of at most 256 of these.
bool is_label(std::string_view text) {
  const auto fits = [](char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || std::string_view(" :_@$#=/+,-.").find(c) != std::string_view::npos;
  };
  return text.size() <= 256 && std::all_of(text.begin(), text.end(), fits);
}

/// Of others' metadata only what fits: it is for the caller's own books.
void add_metadata(const Conversation& talk, Ordered& out) {
  constexpr std::size_t kMost = 16;
  Ordered labels = Ordered::object();
  const auto add = [&](const std::string& name, const std::string& value) {
    if (labels.size() < kMost && !name.empty() && is_label(name) && is_label(value)) labels[name] = value;
  };
  if (!talk.user.empty()) add("user", talk.user);
  if (talk.metadata.is_object()) {
    for (const auto& [name, value] : talk.metadata.items()) {
      if (value.is_string()) add(name, value.get<std::string>());
    }
  }
  if (!labels.empty()) out["requestMetadata"] = std::move(labels);
}

void add_own(const Conversation& talk, Ordered& out) {
  if (!talk.metadata.is_null()) out["requestMetadata"] = Ordered(talk.metadata);
  if (!talk.service_tier.empty()) out["serviceTier"] = {{"type", talk.service_tier}};
  add_extras(talk, out);
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  Writing writing{talk, target, model_of(target), talk.origin == Dialect::converse};
  Ordered out = Ordered::object();
  if (auto done = writing.native ? Result<void>() : check_extras(talk, target); !done)
    return tl::unexpected<Error>(done.error());
  // Thoughts come after what they change.
  if (auto done = add_messages(writing, out); !done) return tl::unexpected<Error>(done.error());
  for (const auto step : {add_tools, add_sampling, add_format}) {
    if (auto done = step(writing, out); !done) return tl::unexpected<Error>(done.error());
  }
  add_thinking(writing, out);
  if (writing.native) {
    add_own(talk, out);
  } else {
    add_metadata(talk, out);
  }
  for (const auto* name : {"inferenceConfig", "additionalModelRequestFields"}) {
    if (out.contains(name) && out[name].empty()) out.erase(name);
  }
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::converse
