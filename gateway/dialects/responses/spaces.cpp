#include "gateway/dialects/responses/spaces.hpp"

namespace troupe::dialects::responses {
namespace {

constexpr std::string_view kJoint = "__";

}  // namespace

std::string joined_name(std::string_view space, std::string_view name) {
  std::string out(space);
  if (!space.empty()) out += kJoint;
  return out.append(name);
}

std::string_view short_name(std::string_view joined, std::string_view space) {
  return space.empty() ? joined : joined.substr(space.size() + kJoint.size());
}

const ToolSpace* space_of(const Conversation& talk, std::string_view name) {
  for (const auto& tool : talk.tools) {
    if (tool.space && tool.name == name) return &*tool.space;
  }
  return nullptr;
}

}  // namespace troupe::dialects::responses
