#include "gateway/dialects/foreign.hpp"
#include "gateway/dialects/gemini/encode.hpp"

namespace troupe::dialects::gemini {
Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  const bool native = talk.origin == Dialect::gemini;
  if (!native) {
    if (auto done = check_extras(talk, target); !done) return tl::unexpected<Error>(done.error());
  }
  auto messages = encode_messages(talk, target);
  if (!messages) return tl::unexpected<Error>(messages.error());
  Ordered out = Ordered::object();
  if (!messages->system.empty()) out["systemInstruction"] = {{"parts", std::move(messages->system)}};
  out["contents"] = std::move(messages->contents);
  if (auto done = add_tools(talk, target, out); !done) return tl::unexpected<Error>(done.error());
  auto config = encode_config(talk, target);
  if (!config) return tl::unexpected<Error>(config.error());
  if (!config->empty()) out["generationConfig"] = std::move(*config);
  if (native) add_extras(talk, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::gemini
