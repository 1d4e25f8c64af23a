#include "gateway/steering/request_class.hpp"

#include "tests/support/catch.hpp"

using troupe::config::RequestClass;
using namespace troupe::steering;

TEST_CASE("a class is called as in the configuration, and default where nobody says") {
  CHECK(class_named("interactive") == RequestClass::interactive);
  CHECK(class_named("default") == RequestClass::standard);
  CHECK(class_named("") == RequestClass::standard);
  CHECK(class_named("batch") == RequestClass::batch);
  CHECK_FALSE(class_named("Interactive"));
  CHECK_FALSE(class_named("urgent"));
}

TEST_CASE("nobody's request is of a higher class than he may have") {
  CHECK(at_most(RequestClass::interactive, RequestClass::batch) == RequestClass::batch);
  CHECK(at_most(RequestClass::batch, RequestClass::interactive) == RequestClass::batch);
  CHECK(at_most(RequestClass::standard, RequestClass::standard) == RequestClass::standard);
}
