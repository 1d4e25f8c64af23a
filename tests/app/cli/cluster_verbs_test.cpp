#include "app/cli/cluster_verbs.hpp"

#include <filesystem>
#include <sstream>

#include "app/cli/verbs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;
using namespace troupe::cli;
using troupe::testing::Folder;
namespace fs = std::filesystem;

namespace {

const WallTime kNow{std::chrono::seconds(1800000000)};

struct Ran {
  int code;
  std::string out, err;
};

Ran make(const Folder& folder, const std::vector<std::string>& names) {
  std::ostringstream out, err;
  Context context;
  context.out = &out;
  context.err = &err;
  const int code = run_certs(context, folder.path(), names, kNow);
  return {code, out.str(), err.str()};
}

int typed(std::vector<const char*> words) {
  std::ostringstream out, err;
  Context context;
  context.out = &out;
  context.err = &err;
  CLI::App app{"troupe"};
  register_verbs(app, context);
  words.insert(words.begin(), "troupe");
  return run(app, static_cast<int>(words.size()), words.data(), context);
}

}  // namespace

TEST_CASE("certificates are made with their authority, and later ones by the authority that is there") {
  const Folder folder;
  const auto first = make(folder, {"node-1", "node-2"});
  CHECK(first.code == done);
  CHECK(first.out.find("ca.pem") != std::string::npos);
  for (const char* file : {"ca.pem", "ca.key", "node-1.pem", "node-1.key", "node-2.pem", "node-2.key"})
    CHECK(folder.has(file));
  const auto later = make(folder, {"node-3"});
  CHECK(later.code == done);
  CHECK(later.out.find("ca.pem") == std::string::npos);
  CHECK(folder.has("node-3.pem"));
}

TEST_CASE("a certificate that is there stays, is complained about, and the others are made") {
  const Folder folder;
  REQUIRE(make(folder, {"node-1"}).code == done);
  const auto again = make(folder, {"node-1", "node-2"});
  CHECK(again.code == partly);
  CHECK(again.err.find("node-1") != std::string::npos);
  CHECK(folder.has("node-2.pem"));
  CHECK(make(folder, {"node-1"}).code == failed);
}

TEST_CASE("a name that cannot stand in a certificate makes nothing but the authority") {
  const Folder folder;
  CHECK(make(folder, {"../escape"}).code == partly);
  CHECK(folder.has("ca.pem"));
  CHECK_FALSE(fs::exists(folder.path().parent_path() / "escape.pem"));
}

TEST_CASE("cluster verbs are typed with a verb of their own, certificates with names") {
  CHECK(typed({"cluster"}) == usage);
  CHECK(typed({"cluster", "certs"}) == usage);
  for (const char* verb : {"members", "shares", "drain", "undrain", "leave"})
    CHECK(typed({"cluster", verb, "--admin", "http://127.0.0.1:1"}) == unreachable);
}
