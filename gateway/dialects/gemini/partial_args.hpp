#pragma once
// Arguments of a call that come value by value (Vertex AI's `streamFunctionCallArguments`).
#include <string>
#include <string_view>

#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/document.hpp"

namespace troupe::dialects::gemini {

/// Puts one of `partialArgs` where its `jsonPath` ("$.steps[0].name") says; texts of one path are joined.
/// Paths that lead nowhere (deeper than 64 steps, indices over 10,000, no path at all) are passed over.
void add_partial(Json& arguments, const doc::object& partial);

}  // namespace troupe::dialects::gemini
