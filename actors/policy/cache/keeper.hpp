#pragma once
// The owner's side: the entries of its part of the ring, and who is getting one that others wait for.
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/policy/cache/messages.hpp"
#include "actors/policy/cache/ring.hpp"
#include "actors/policy/cache/shelf.hpp"

namespace troupe::cache {

/// A value with hear() and tick(); what it wants to say is appended to `out`. Of all who ask for the same
/// answer one node leads; when it fails, dies or is silent for kLease, the one that waits longest is next.
class Keeper {
 public:
  static constexpr Duration kLease = std::chrono::seconds(2);      ///< of another node, without a Renew
  static constexpr Duration kForgotten = std::chrono::seconds(4);  ///< of one that waits, without a Look
  static constexpr std::size_t kFlights = 16384;                   ///< beyond, everybody leads by itself

  explicit Keeper(Shelf::Limits limits) : shelf_(limits) {}

  void hear(const std::string& from, const Message& message, Time now, Outbox& out);
  /// Looks for leaders that are silent or gone; a node on its own need not be ticked.
  void tick(const Ring& ring, Time now, Outbox& out);

  /// Whoever leads or waits.
  void forget_flights() { flights_.clear(); }

  Shelf& shelf() { return shelf_; }
  const Shelf& shelf() const { return shelf_; }
  std::size_t flights() const { return flights_.size(); }

 private:
  struct Node {
    std::string name;
    std::uint64_t id = 0;
    Time seen{};
    friend bool operator==(const Node& x, const Node& y) { return x.name == y.name && x.id == y.id; }
  };
  struct Flight {
    Node leader;
    std::vector<Node> waiting;
  };
  using Flights = std::unordered_map<Digest, Flight, DigestHash>;

  void look(const std::string& from, const Look& look, Time now, Outbox& out);
  void fill(const Fill& fill, Time now, Outbox& out);
  void drop(const std::string& from, const Drop& drop, Time now, Outbox& out);
  void renew(const std::string& from, const Renew& renew, Time now);
  /// The next of those who wait leads; false when nobody does.
  static bool pass_on(const Digest& key, Flight& flight, Time now, Outbox& out);

  Shelf shelf_;
  Flights flights_;
};

}  // namespace troupe::cache
