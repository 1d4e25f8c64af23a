#pragma once
// Who heard what last: the little that rows of /actors tell of messages. Internal to cluster/engine.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "cluster/wire/codec.hpp"

namespace troupe::cluster {

/// What a message is called, and which part of the node takes it: "allocator", "voter", "agent", "member",
/// "health" or "errands".
std::string_view name_of(const wire::Message& message);
std::string_view part_of(const wire::Message& message);

/// A value.
class Traffic {
 public:
  struct Count {
    std::uint64_t messages = 0;
    std::string_view last;
  };
  void heard(const std::string& peer, const wire::Message& message);
  Count of_part(std::string_view part) const;
  Count of_peer(const std::string& peer) const;

 private:
  std::map<std::string_view, Count> parts_;
  std::map<std::string, Count> peers_;
};

}  // namespace troupe::cluster
