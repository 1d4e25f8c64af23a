#include "gateway/dialects/cohere/encode.hpp"
#include "gateway/dialects/cohere/usage.hpp"
#include "gateway/dialects/cohere/words.hpp"

namespace troupe::dialects::cohere {

std::string encode_reply(const Reply& reply, const Framing& framing) {
  Ordered message = {{"role", "assistant"}};
  add_assistant(reply.parts, true, message);
  Ordered out = {{"id", reply.id.empty() ? framing.id : reply.id},
                 {"message", std::move(message)},
                 {"finish_reason", finish_word(reply.finish, reply.finish_detail)}};
  if (reply.usage) out["usage"] = usage_json(*reply.usage);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::cohere
