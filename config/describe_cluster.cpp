// The nodes that share the limits, and the conditions under which they hold.
#include "config/describe.hpp"

namespace troupe::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void describe_members(Walker& w, ClusterConfig& it) {
  w.value(required(restart({"node", "This node's name: a DNS label, unique in the cluster."})),
          Text{&it.node, TextKind::label});
  w.value(required(restart({"listen", "Address of the link between the nodes: an IP address and a port."})),
          Text{&it.listen, TextKind::address});
  w.value(restart(absent("a voter's address in `voters`, else `listen`",
                         {"advertise", "The address that other nodes dial."})),
          Text{&it.advertise, TextKind::endpoint});
  w.value(required(restart({"voters",
                            "The 1, 3 or 5 nodes that elect the allocator, with their addresses; the same on "
                            "every node. Host names are resolved at each connect.",
                            "each tolerates no, one or two of them lost; five answer a little slower"})),
          AddressBook{&it.voters});
  w.value(restart(absent("none: only for voters",
                         {"join", "Members that a node which is no voter asks to be let in; any of them."})),
          Texts{&it.join, {}, TextKind::endpoint});
  optional_section(
      w,
      restart(absent("none: it is required",
                     {"tls", "Mutual TLS between nodes: `troupe cluster certs` makes the files."})),
      it.tls);
}

void describe_policy(Walker& w, ClusterConfig& it) {
  choice(
      w,
      restart({"on_partition",
               "A node that is cut off admits nothing (strict), or goes on with its part of the floor for up "
               "to an hour (available). The limits hold in both.",
               "available: a node's part of the floor lies idle while it has no use for it, and for an hour "
               "when it is gone for good"}),
      it.on_partition, {"strict", "available"});
  w.value(restart({"floor",
                   "Share of each limit that all nodes have in equal parts as floors, with on_partition: "
                   "available. Parts of less than one unit go to some of the nodes.",
                   "less goes to where the demand is"}),
          Share{&it.floor});
  choice(
      w,
      restart({"cold_start",
               "What the first allocator assumes of the time before it: auto opens the pools when no voter's "
               "store remembers an earlier run, open always, wait never.",
               "open after an outage shorter than a window: that window can be exceeded"}),
      it.cold_start, {"auto", "open", "wait"});
}

void describe_conditions(Walker& w, ClusterConfig& it) {
  w.value(restart({"guard", "Longest time from admitting a call to the provider counting it.",
                   "each permit comes back so much later"}),
          Span{&it.guard, milliseconds(10), minutes(1)});
  w.value(restart({"clock_rate_error", "How much faster or slower than true time any node's clock may run.",
                   "leases and windows are that much longer"}),
          Rate{&it.clock_rate_error, Ppm{1}, Ppm{10'000}});
  w.value(
      restart({"longest_call",
               "No call lasts longer; at least the longest models' timeout.total. What a lost node had under "
               "way is free again after it.",
               "a lost node's concurrency and tokens come back later"}),
      Span{&it.longest_call, seconds(1), hours(24)});
}

void describe_leases(Walker& w, ClusterConfig& it) {
  w.value(restart({"lease", "How long a node may use its permits without hearing from the allocator.",
                   "a lost node's permits come back later; lower: short cuts of the network stop nodes"}),
          Span{&it.lease, seconds(1), minutes(10)});
  w.value(restart({"office", "How long the allocator acts without hearing from a majority of voters.",
                   "a lost allocator is replaced later; lower: more elections"}),
          Span{&it.office, milliseconds(200), minutes(1)});
  w.value(restart({"report_every", "Pause between a node's reports when nothing is urgent.",
                   "demand is followed later; lower: more messages"}),
          Span{&it.report_every, milliseconds(10), seconds(10)});
}

}  // namespace

void describe(Walker& w, ClusterTls& it) {
  w.value(required(restart({"cert", "This node's certificate chain, PEM; its SAN is the node's name."})),
          Text{&it.cert, TextKind::path});
  w.value(required(restart({"key", "Its private key, PEM."})), Text{&it.key, TextKind::path});
  w.value(required(restart({"ca", "The cluster's own authority, PEM: whoever it signed may join."})),
          Text{&it.ca, TextKind::path});
}

void describe(Walker& w, ClusterConfig& it) {
  describe_members(w, it);
  describe_policy(w, it);
  describe_leases(w, it);
  describe_conditions(w, it);
}

}  // namespace troupe::config
