#pragma once
// What a stream says, for tests.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::responses {

/// The data of every event; the event's name must be its type.
std::vector<Json> events_of(std::string_view stream);
/// Their types, in order.
std::vector<std::string> types_of(const std::vector<Json>& events);
/// The stream fed in pieces of `piece` bytes, then closed.
struct Heard {
  Reply reply;
  bool ended = false;
  std::optional<StreamFailure> failure;
};
Heard hear(std::string_view stream, std::size_t piece);

}  // namespace troupe::dialects::responses
