#include "gateway/dialects/responses/state.hpp"

#include <array>

#include "gateway/dialects/json.hpp"

namespace troupe::dialects::responses {
namespace {

struct Leaning {
  std::string_view field, why;
};

constexpr std::array<Leaning, 4> kLeaning{
    {{"previous_response_id", "earlier answers are not kept here; send the whole conversation in `input`"},
     {"conversation", "conversations are not kept here; send the whole conversation in `input`"},
     {"prompt", "stored prompts live at OpenAI; send the text itself"},
     {"background", "answers are not kept here; ask without it, or with `stream`"}}};

bool refers(const Part& part) {
  const auto* own = std::get_if<Opaque>(&part.is);
  return own && own->origin == Dialect::responses && text(own->json, "type") == "item_reference";
}

}  // namespace

std::optional<Error> needs_native(const Conversation& talk) {
  if (talk.origin != Dialect::responses) return std::nullopt;
  for (const auto& [field, why] : kLeaning) {
    for (const auto& [name, value] : talk.extras) {
      if (name == field && value != false) return unsupported(name, why).value();
    }
  }
  for (const auto& message : talk.messages) {
    for (const auto& part : message.parts) {
      if (refers(part))
        return unsupported("input",
                           "an item_reference leans on answers that are not kept here; send the items "
                           "themselves (many clients do so with `store: false`)")
            .value();
    }
  }
  return std::nullopt;
}

}  // namespace troupe::dialects::responses
