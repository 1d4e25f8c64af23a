#include "cluster/link/rivals.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::link;

namespace {
constexpr std::uint64_t kIncarnation = 5, kNonce = 99;
Side side(bool dialled, std::uint64_t incarnation = kIncarnation, std::uint64_t nonce = kNonce) {
  return {incarnation, nonce, dialled};
}
}  // namespace

TEST_CASE("of two crossing connections both ends keep the one that the smaller name dialled") {
  // X is dialled by a, Y by b. Each end may see either first.
  CHECK(judge("a", "b", side(true), side(false), false) == Verdict::keep);  // a has X, Y comes
  CHECK(judge("a", "b", side(false), side(true), false) == Verdict::move);  // a has Y, X comes
  CHECK(judge("b", "a", side(false), side(true), false) == Verdict::keep);  // b has X, Y comes
  CHECK(judge("b", "a", side(true), side(false), false) == Verdict::move);  // b has Y, X comes
}

TEST_CASE("whoever dials twice has lost the first connection") {
  CHECK(judge("a", "b", side(true), side(true), false) == Verdict::replace);
  CHECK(judge("b", "a", side(false), side(false), false) == Verdict::replace);
}

TEST_CASE("a connection that went quiet gives way to whatever comes") {
  CHECK(judge("a", "b", side(true), side(false), true) == Verdict::replace);
}

TEST_CASE("a restarted node replaces its former life") {
  CHECK(judge("a", "b", side(true), side(false, kIncarnation + 1, 100), false) == Verdict::replace);
}

TEST_CASE("a second process with the same name is refused, an older one too") {
  CHECK(judge("a", "b", side(true), side(false, kIncarnation, 100), false) == Verdict::name_taken);
  CHECK(judge("a", "b", side(true), side(false, kIncarnation - 1, 100), true) == Verdict::stale);
}
