#include "cluster/link/certs.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

#include "cluster/link/tls.hpp"
#include "tests/cluster/link/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
namespace fs = std::filesystem;

namespace {

const CertOptions kOptions{WallTime(std::chrono::seconds(1'735'689'600)), std::chrono::hours(1)};

std::shared_ptr<X509> read_cert(const fs::path& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  REQUIRE(file);
  return {PEM_read_X509(file.get(), nullptr, nullptr, nullptr), X509_free};
}

}  // namespace

TEST_CASE("a node's certificate is signed by its authority and carries the name and both uses") {
  link::testing::Folder folder;
  REQUIRE(make_ca(folder.path() / "new", kOptions));
  REQUIRE(make_node_cert(folder.path() / "new", "node-1", kOptions));
  const auto ca = read_cert(folder.path() / "new/ca.pem"), node = read_cert(folder.path() / "new/node-1.pem");
  CHECK(X509_verify(node.get(), X509_get0_pubkey(ca.get())) == 1);
  CHECK(dns_names(node.get()) == std::vector<std::string>{"node-1"});
  CHECK(X509_check_ca(ca.get()) == 1);
  CHECK(X509_check_ca(node.get()) == 0);
  CHECK(X509_check_purpose(node.get(), X509_PURPOSE_SSL_CLIENT, 0) == 1);
  CHECK(X509_check_purpose(node.get(), X509_PURPOSE_SSL_SERVER, 0) == 1);
  CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(node.get())) == 256);
  CHECK(X509_NAME_cmp(X509_get_issuer_name(node.get()), X509_get_subject_name(ca.get())) == 0);
}

TEST_CASE("keys and certificates are for their owner only") {
  link::testing::Folder folder;
  REQUIRE(make_ca(folder.path(), kOptions));
  REQUIRE(make_node_cert(folder.path(), "n", kOptions));
  for (const char* name : {"ca.pem", "ca.key", "n.pem", "n.key"}) {
    CHECK(fs::status(folder.path() / name).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
}

TEST_CASE("nothing is ever overwritten") {
  link::testing::Folder folder;
  REQUIRE(make_ca(folder.path(), kOptions));
  REQUIRE(make_node_cert(folder.path(), "n", kOptions));
  CHECK_FALSE(make_ca(folder.path(), kOptions));
  const auto again = make_node_cert(folder.path(), "n", kOptions);
  REQUIRE_FALSE(again);
  CHECK(again.error().message.find("n.key") != std::string::npos);
}

TEST_CASE("names that are paths, empty or odd are refused, and so is 'ca'") {
  link::testing::Folder folder;
  REQUIRE(make_ca(folder.path(), kOptions));
  for (const char* name : {"", "ca", "../x", "a/b", ".hidden", "-x", "with space", "a,DNS:b"}) {
    CHECK_FALSE(make_node_cert(folder.path(), name, kOptions));
  }
  CHECK_FALSE(make_node_cert(folder.path(), std::string(64, 'x'), kOptions));
}

TEST_CASE("without an authority there is no certificate") {
  link::testing::Folder folder;
  const auto made = make_node_cert(folder.path(), "n", kOptions);
  REQUIRE_FALSE(made);
  CHECK(made.error().message.find("no authority") != std::string::npos);
}
