#include "cluster/engine/traffic.hpp"

#include <type_traits>

namespace troupe::cluster {
namespace {

struct Label {
  std::string_view part, name;
};

// One line per message, in the order of the variants: a new one does not compile without its name.
Label label(const Prepare&) {
  return {"voter", "Prepare"};
}
Label label(const Promise&) {
  return {"allocator", "Promise"};
}
Label label(const Refusal&) {
  return {"allocator", "Refusal"};
}
Label label(const Release&) {
  return {"voter", "Release"};
}
Label label(const Append&) {
  return {"voter", "Append"};
}
Label label(const Ack&) {
  return {"allocator", "Ack"};
}
Label label(const Report&) {
  return {"allocator", "Report"};
}
Label label(const Grant&) {
  return {"agent", "Grant"};
}
Label label(const UnknownSession&) {
  return {"agent", "UnknownSession"};
}
Label label(const InOffice&) {
  return {"agent", "InOffice"};
}
Label label(const members::Join&) {
  return {"member", "Join"};
}
Label label(const members::Welcome&) {
  return {"member", "Welcome"};
}
Label label(const members::Gossip&) {
  return {"member", "Gossip"};
}
Label label(const members::Digest&) {
  return {"member", "Digest"};
}
Label label(const members::Records&) {
  return {"member", "Records"};
}
Label label(const members::Want&) {
  return {"member", "Want"};
}
Label label(const members::Inquiry&) {
  return {"member", "Inquiry"};
}
Label label(const members::Voucher&) {
  return {"member", "Voucher"};
}
Label label(const members::HealthNews&) {
  return {"health", "HealthNews"};
}
Label label(const errands::Ask&) {
  return {"errands", "Ask"};
}
Label label(const errands::Told&) {
  return {"errands", "Told"};
}

Label label_of(const wire::Message& message) {
  const auto inner = [](const auto& family) {
    return std::visit([](const auto& one) { return label(one); }, family);
  };
  return std::visit(inner, message);
}

}  // namespace

std::string_view name_of(const wire::Message& message) {
  return label_of(message).name;
}

std::string_view part_of(const wire::Message& message) {
  return label_of(message).part;
}

void Traffic::heard(const std::string& peer, const wire::Message& message) {
  const auto [part, name] = label_of(message);
  for (auto* count : {&parts_[part], &peers_[peer]}) {
    ++count->messages;
    count->last = name;
  }
}

Traffic::Count Traffic::of_part(std::string_view part) const {
  const auto found = parts_.find(part);
  return found == parts_.end() ? Count{} : found->second;
}

Traffic::Count Traffic::of_peer(const std::string& peer) const {
  const auto found = peers_.find(peer);
  return found == peers_.end() ? Count{} : found->second;
}

}  // namespace troupe::cluster
