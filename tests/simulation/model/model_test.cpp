// Every state of small clusters. What is abstracted, and which clusters were exhausted, is said in
// docs/protocol.md.
#include <iostream>

#include "tests/simulation/model/explore.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::simulation::model;

namespace {

constexpr std::uint64_t kMost = 3'000'000;

void expect_whole(const char* what, const Bounds& bounds) {
  const auto found = explore(bounds, {}, kMost, true);
  std::string trace;
  for (const auto& step : found.trace) trace += "\n  " + step;
  INFO(what << ": " << found.broken << trace);
  CHECK(found.broken.empty());
  CHECK(found.whole);
  std::cout << what << ": " << found.states << " states, " << found.steps << " steps\n";
}

void expect_broken(const char* what, const Bounds& bounds, const Rules& rules, bool symmetric = false) {
  const auto found = explore(bounds, rules, kMost, symmetric);
  INFO(what << ": " << found.states << " states");
  CHECK(found.broken == "a permit is in two places");
  std::cout << what << ", after " << found.states << " states:";
  for (const auto& step : found.trace) std::cout << " | " << step;
  std::cout << "\n";
}

/// One allocator that stays, two nodes, one permit; answers may come late and again and again.
Bounds one_allocator() {
  Bounds out;
  out.voters = out.permits = out.grants = out.sessions = 1;
  out.elections = out.voter_restarts = out.agent_restarts = 0;
  out.late_grants = true;
  return out;
}

/// Three voters that may forget once, one election.
Bounds one_election() {
  Bounds out;
  out.permits = out.grants = out.sessions = out.elections = out.voter_restarts = 1;
  out.agent_restarts = 0;
  return out;
}

}  // namespace

TEST_CASE("no permit is ever in two places while nodes restart, lapse and hear late answers") {
  auto bounds = one_allocator();
  bounds.sessions = 2;
  bounds.agent_restarts = 1;
  expect_whole("two nodes, one permit, one restarts", bounds);
}

TEST_CASE("no permit is ever in two places while reports and answers come late, again and out of order") {
  auto bounds = one_allocator();
  bounds.agents = 1;
  bounds.permits = bounds.grants = bounds.sessions = 2;
  bounds.agent_restarts = 1;
  bounds.late_reports = true;
  expect_whole("one node, two permits, everything late", bounds);
}

TEST_CASE("two permits and two nodes are never mixed up") {
  auto bounds = one_allocator();
  bounds.permits = bounds.grants = bounds.sessions = 2;
  bounds.agent_restarts = 1;
  bounds.late_grants = false;
  expect_whole("two nodes, two permits", bounds);
}

TEST_CASE("no permit is ever in two places while a voter forgets and another allocator is elected") {
  auto bounds = one_election();
  bounds.agents = 1;
  expect_whole("three voters, one node, one election, one amnesia", bounds);
}

TEST_CASE("the model finds what goes wrong when a rule is missing") {
  Rules rules;
  SECTION("a grant leaves before a majority has it") {
    rules.grants_wait_for_majority = false;
    expect_broken("grant before majority", one_election(), rules);
  }
  SECTION("what a lost holder had is free when its lease ends") {
    rules.lost_permits_cool = false;
    expect_broken("free on expiry", one_allocator(), rules);
  }
  SECTION("used permits do not cool") {
    rules.used_permits_cool = false;
    expect_broken("no cooling", one_allocator(), rules);
  }
  SECTION("they cool for the window alone") {
    rules.guard = false;
    expect_broken("no guard", one_allocator(), rules);
  }
  SECTION("a lease counts from the answer") {
    rules.lease_from_question = false;
    auto bounds = one_allocator();
    bounds.lease = 3;  // an answer as late as a window is long
    expect_broken("lease from the answer", bounds, rules);
  }
  SECTION("a grant counts after its lease") {
    rules.stale_grants_void = false;
    auto bounds = one_allocator();
    bounds.grants = 2;
    expect_broken("stale grants", bounds, rules);
  }
  SECTION("a new allocator takes the oldest copy") {
    rules.newest_copy = false;
    expect_broken("oldest copy", one_election(), rules, true);
  }
  SECTION("a new allocator trusts any copy") {
    rules.majority_must_know = false;
    expect_broken("any copy counts", one_election(), rules, true);
  }
}
