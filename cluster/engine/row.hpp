#pragma once
// A part of the running cluster as operators see it in /actors, beside the actors that it works with.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace troupe::cluster {

struct Row {
  std::uint64_t id = 0;  ///< the same for the same part as long as the process lives
  std::string type;      ///< "allocator", "voter", "agent", "member", "peer"
  std::string name, state, last_message;
  std::uint64_t messages = 0;  ///< heard from other nodes
  std::uint64_t waiting = 0;   ///< to be sent
  double age_s = 0;            ///< in this state (members), else since the start
  nlohmann::json detail;
};

}  // namespace troupe::cluster
