#include <algorithm>
#include <array>

#include "gateway/dialects/cohere/encode.hpp"
#include "gateway/dialects/foreign.hpp"

namespace troupe::dialects::cohere {
namespace {

/// Cohere's own fields that chat clients may send to its models.
constexpr std::array<std::string_view, 5> kOwn{"documents", "citation_options", "safety_mode", "strict_tools",
                                               "priority"};

void add_own(const Conversation& talk, Ordered& out) {
  if (talk.origin == Dialect::cohere) return add_extras(talk, out);
  if (talk.origin != Dialect::chat) return;
  for (const auto& [name, value] : talk.extras) {
    if (std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end()) out[name] = Ordered(value);
  }
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  if (auto done = talk.origin == Dialect::cohere ? Result<void>() : check_extras(talk, target); !done)
    return tl::unexpected<Error>(done.error());
  Ordered out = {{"model", target.model}};
  auto messages = encode_messages(talk, target);
  if (!messages) return tl::unexpected<Error>(messages.error());
  out["messages"] = std::move(*messages);
  for (const auto step : {add_tools, add_sampling}) {
    if (auto done = step(talk, target, out); !done) return tl::unexpected<Error>(done.error());
  }
  add_format(talk.format, out);
  add_thinking(talk, target, out);
  if (talk.stream) out["stream"] = true;
  add_own(talk, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::cohere
