#include "config/check_report.hpp"
#include "config/diff.hpp"
#include "config/show.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;
using namespace std::chrono_literals;

namespace {

const TextMap kFiles{{"c.pem", "c"}, {"c.key", "k"}, {"ca.pem", "a"}};
const std::string kTls = "tls: { cert: c.pem, key: c.key, ca: ca.pem }";
const std::string kVoters =
    "voters: { node-1: \"10.0.0.1:7946\", node-2: \"n2.example:7946\", node-3: \"[fd00::3]:7946\" }";
const std::string kNode = "node: node-1, listen: 10.0.0.1:7946, ";

LoadResult cluster(const std::string& fields, const std::string& rest = {}) {
  return load(kMock + "cluster: { " + fields + " }\n" + rest, world({}, kFiles));
}

std::string problems_of(const std::string& fields, const std::string& rest = {}) {
  return said(cluster(fields, rest).problems);
}

bool has(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a cluster of three needs names, addresses and certificates; the rest has defaults") {
  const auto result = cluster(kNode + kVoters + ", " + kTls);
  CAPTURE(said(result.problems));
  REQUIRE(result);
  REQUIRE(result.config->cluster);
  const auto& it = *result.config->cluster;
  CHECK(it.voter());
  CHECK(it.dialled() == "10.0.0.1:7946");
  CHECK(it.voters.at("node-2") == "n2.example:7946");
  CHECK(it.on_partition == OnPartition::strict);
  CHECK(it.cold_start == ColdStart::automatic);
  CHECK((it.lease == 10s && it.office == 2s && it.report_every == 250ms));
  CHECK((it.guard == 500ms && it.longest_call == 10min && it.clock_rate_error == Ppm{500}));
  CHECK(result.warnings.empty());
}

TEST_CASE("without the section a node is on its own") {
  CHECK_FALSE(load(kMock).config->cluster);
  CHECK_FALSE(load(kMock + "cluster: off\n").config->cluster);
}

TEST_CASE("every field of the cluster is read") {
  const auto result = cluster(
      "node: guest, listen: 0.0.0.0:7946, advertise: \"guest.example:7947\", join: [ \"10.0.0.1:7946\" ], " +
      kVoters + ", " + kTls +
      ", on_partition: strict, floor: 10%, lease: 4s, guard: 100ms, clock_rate_error: 50ppm, "
      "longest_call: 20m, "
      "office: 1s, report_every: 100ms, cold_start: wait");
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto& it = *result.config->cluster;
  CHECK_FALSE(it.voter());
  CHECK(it.dialled() == "guest.example:7947");
  CHECK(it.join == std::vector<std::string>{"10.0.0.1:7946"});
  CHECK(it.tls == ClusterTls{"c.pem", "c.key", "ca.pem"});
  CHECK((it.on_partition == OnPartition::strict && it.cold_start == ColdStart::wait && it.floor == 0.1));
  CHECK((it.lease == 4s && it.guard == 100ms && it.clock_rate_error == Ppm{50} && it.longest_call == 20min));
  CHECK((it.office == 1s && it.report_every == 100ms));
}

TEST_CASE("a node's name is a DNS label") {
  for (const std::string bad : {"Node-1", "node_1", "-a", "a-", "a.b", "\"\""}) {
    CAPTURE(bad);
    const auto all = problems_of("node: " + bad + ", listen: 127.0.0.1:1, voters: { a: \"127.0.0.1:1\" }");
    CHECK(has(all, "cluster.node: a node's name is a DNS label"));
  }
  CHECK(has(problems_of(kNode + "voters: { Node-1: \"127.0.0.1:1\" }"),
            "cluster.voters.Node-1: a node's name"));
}

TEST_CASE("there are one, three or five voters, each with an address of its own") {
  CHECK(has(problems_of(kNode + "voters: {}"), "cluster.voters: 0 of them (1, 3 or 5"));
  CHECK(has(problems_of(kNode + "voters: { node-1: \"127.0.0.1:1\", b: \"127.0.0.1:2\" }"),
            "cluster.voters: 2 of them"));
  CHECK(has(problems_of(kNode + "voters: { node-1: \"h:1\", b: \"h:2\", c: \"h:1\" }"),
            "cluster.voters.node-1: the same address as c"));
  CHECK(has(problems_of(kNode), "cluster.voters: \"voters\" is missing"));
  for (const std::string bad : {"10.0.0.1", "h:0", "h:99999", "h:x", "a b:1", "::1:1", ""}) {
    CAPTURE(bad);
    CHECK(has(problems_of(kNode + "voters: { node-1: \"" + bad + "\" }"),
              "cluster.voters.node-1: not host:port"));
  }
}

TEST_CASE("a node that is no voter says whom it joins") {
  const std::string guest = "node: guest, listen: 10.0.0.9:7946, ";
  CHECK(has(problems_of(guest + kVoters + ", " + kTls), "cluster.join: \"guest\" is no voter"));
  CHECK(problems_of(guest + kVoters + ", join: [ \"10.0.0.2:7946\" ], " + kTls).empty());
  CHECK(has(problems_of(guest + kVoters + ", join: [ here ], " + kTls), "cluster.join[0]: not host:port"));
}

TEST_CASE("a node that listens everywhere says where it is dialled, unless voters do") {
  const std::string guest = "node: guest, listen: 0.0.0.0:7946, join: [ \"h:1\" ], " + kVoters + ", " + kTls;
  CHECK(has(problems_of(guest), "cluster.advertise: other nodes cannot dial 0.0.0.0"));
  CHECK(problems_of(guest + ", advertise: \"10.0.0.9:7946\"").empty());
  CHECK(problems_of("node: node-1, listen: 0.0.0.0:7946, " + kVoters + ", " + kTls).empty());
  CHECK(has(problems_of("node: node-1, listen: 0.0.0.0:0, " + kVoters), "cluster.listen: not an address"));
}

TEST_CASE("nodes need certificates that can be read, on loopback too") {
  CHECK(has(problems_of(kNode + kVoters), "cluster.tls: missing: nodes prove who they are by certificates"));
  CHECK(has(problems_of("node: a, listen: 127.0.0.1:1, voters: { a: \"localhost:1\" }"),
            "cluster.tls: missing: nodes prove who they are by certificates"));
  CHECK(has(problems_of(kNode + kVoters + ", tls: { cert: c.pem, key: c.key }"),
            "cluster.tls.ca: \"ca\" is missing"));
  const auto unread = problems_of(kNode + kVoters + ", tls: { cert: c.pem, key: no.key, ca: ca.pem }");
  CHECK(has(unread, "cluster.tls.key: cannot read the file \"no.key\" (`troupe cluster certs`"));
  CHECK_FALSE(has(unread, "tls.cert"));
}

TEST_CASE("no call may last longer than the cluster waits for a lost node's calls") {
  const std::string model = "models: { m: { targets: [ { use: mock/x } ], timeout: { total: 20m } } }\n";
  CHECK(has(problems_of(kNode + kVoters + ", " + kTls, model),
            "cluster.longest_call: shorter than models.m.timeout.total (20m)"));
  CHECK(problems_of(kNode + kVoters + ", longest_call: 20m, " + kTls, model).empty());
}

TEST_CASE("the cluster's times fit each other and carry their units") {
  const auto with = [](const std::string& field) {
    return problems_of(kNode + kVoters + ", " + field + ", " + kTls);
  };
  CHECK(
      has(with("lease: 1s, report_every: 300ms"), "cluster.report_every: more than a quarter of lease (1s)"));
  CHECK(has(with("lease: 2s, office: 3s"), "cluster.office: longer than lease (2s)"));
  CHECK(has(with("clock_rate_error: 500"), "units are required: 500ppm"));
  CHECK(has(with("clock_rate_error: 50000ppm"), "from 1ppm to 10000ppm"));
  CHECK(with("on_partition: available").empty());
  CHECK(with("on_partition: strict, floor: 0%").empty());
  CHECK(has(with("on_partition: avalable"), "did you mean \"available\"?"));
  CHECK(has(with("voter: 3"), "unknown field \"voter\" (did you mean \"voters\"?)"));
}

TEST_CASE("a change of the cluster waits for the restart, and the shown section loads again as the same") {
  const auto first = cluster(kNode + kVoters + ", clock_rate_error: 50ppm, " + kTls);
  REQUIRE(first);
  const auto again = load(show(*first.config).dump(), world({}, kFiles));
  CAPTURE(said(again.problems));
  REQUIRE(again);
  CHECK(diff(*first.config, *again.config).empty());
  auto other = *first.config;
  other.cluster->voters["node-3"] = "10.0.0.4:7946";
  other.cluster->lease = 20s;
  for (const auto& change : diff(*first.config, other)) CHECK(change.restart);
  CHECK(diff(*first.config, other).size() == 2);
  other.cluster.reset();
  const auto removed = diff(*first.config, other);
  REQUIRE(removed.size() == 1);
  CHECK((removed[0].path == "cluster" && removed[0].restart));
}

TEST_CASE("an explanation says who votes and that limits hold together") {
  const auto text = explain(*cluster(kNode + kVoters + ", " + kTls).config, *PriceCatalogue::embedded());
  CHECK(has(text, "node node-1 on 10.0.0.1:7946"));
  CHECK(has(text, "voters node-1, node-2, node-3; this node votes"));
}

TEST_CASE("parts per million are taken upwards") {
  CHECK(Ppm{500}.of(10s) == 5ms);
  CHECK(Ppm{1}.of(1ns) == 1ns);
  CHECK(Ppm{500}.of(0s) == 0s);
  CHECK(Ppm{10'000}.of(std::chrono::hours(100 * 365)) == std::chrono::hours(365));
}
