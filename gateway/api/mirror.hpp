#pragma once
// Copies of answered requests for a shadow model: nobody waits for them, nobody reads their answers.
#include "gateway/api/chat.hpp"

namespace troupe::api {

/// What the copy is made of; `request` is taken from a call that has ended.
struct Mirrored {
  dialects::Request request;
  actors::RequestFacts facts;
  std::string path;
  std::shared_ptr<const Setup> setup;
  const config::Model* shadow = nullptr;  ///< of `setup`
};

/// Copies under way on one thread; more are not sent, and counted as refused.
inline constexpr std::size_t kMostMirrors = 32;

/// Whether this request is one of `share`: stable by its id.
bool mirrors(double share, std::string_view request_id);

/// Sends it once, in the lowest class and without waiting, and records it with the route "mirror" and the
/// tenant "(mirror)": outside every limit and budget of tenants. Given up when the node drains.
void mirror(Worker& worker, Mirrored copy);

}  // namespace troupe::api
