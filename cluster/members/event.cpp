#include "cluster/members/event.hpp"

namespace troupe::members {

std::string_view name(State state) {
  switch (state) {
    case State::joining:
      return "joining";
    case State::alive:
      return "alive";
    case State::suspect:
      return "suspect";
    case State::dead:
      return "dead";
    case State::left:
      return "left";
  }
  return "";
}

std::string_view name(Why why) {
  switch (why) {
    case Why::met:
      return "met";
    case Why::joined:
      return "joined";
    case Why::returned:
      return "returned";
    case Why::suspected:
      return "suspected";
    case Why::refuted:
      return "refuted";
    case Why::given_up:
      return "given_up";
    case Why::left:
      return "left";
    case Why::forgotten:
      return "forgotten";
    case Why::changed:
      return "changed";
    case Why::name_taken:
      return "name_taken";
  }
  return "";
}

}  // namespace troupe::members
