#include "gateway/admin/vocabulary.hpp"

#include <string>

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

TEST_CASE("configured models are labels, others are not") {
  const Vocabulary known(*small_config());
  ModelLabels labels;
  CHECK(labels.label(known, "smart", false) == "smart");
  CHECK(labels.label(known, "openai/gpt-4o", false) == "openai/gpt-4o");
  CHECK(labels.label(known, "gpt-4o", false) == "gpt-4o");
  CHECK(labels.label(known, "made-up", false) == "other");
}

TEST_CASE("a model becomes a label once a provider has answered for it") {
  const Vocabulary known;
  ModelLabels labels;
  CHECK(labels.label(known, "openai/o9", false) == "other");
  CHECK(labels.label(known, "openai/o9", true) == "openai/o9");
  CHECK(labels.label(known, "openai/o9", false) == "openai/o9");
}

TEST_CASE("a client cannot make more labels than are learned at most") {
  const Vocabulary known;
  ModelLabels labels;
  std::size_t kept = 0;
  for (int i = 0; i < 1000; ++i)
    kept += labels.label(known, "m" + std::to_string(i), true) != "other" ? 1 : 0;
  CHECK(kept == ModelLabels::kLearned);
}

}  // namespace
}  // namespace troupe::admin
