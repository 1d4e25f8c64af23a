#include "cluster/link/tls.hpp"

#include <fstream>

#include "tests/cluster/link/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;

namespace {
std::string problem(const TlsFiles& files, std::string_view node) {
  const auto pair = read_tls(files, node);
  return pair ? "" : pair.error().message;
}
bool has(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}
}  // namespace

TEST_CASE("good files give a client and a server of TLS 1.3 that verify each other") {
  link::testing::Authority authority;
  const auto pair = read_tls(authority.files("n"), "n");
  REQUIRE(pair);
  for (const auto& context : {pair->client, pair->server}) {
    CHECK(SSL_CTX_get_min_proto_version(context->native_handle()) == TLS1_3_VERSION);
    CHECK(SSL_CTX_get_verify_mode(context->native_handle()) ==
          (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT));
  }
}

TEST_CASE("the file that is wrong is named") {
  link::testing::Authority authority;
  auto files = authority.files("n");
  files.cert = "missing.pem";
  CHECK(has(problem(files, "n"), "certificate 'missing.pem'"));
  files = authority.files("n");
  files.key = authority.files("m").key;
  CHECK(has(problem(files, "n"), "private key"));
  files = authority.files("n");
  files.ca = files.key;
  CHECK(has(problem(files, "n"), "authority"));
}

TEST_CASE("a certificate without the node's own name is refused before anybody else does") {
  link::testing::Authority authority;
  CHECK(has(problem(authority.files("n"), "other"), "has no DNS name 'other'"));
  CHECK(has(problem(authority.files("n"), "N"), "has no DNS name 'N'"));
}
