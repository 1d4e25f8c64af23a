#include "gateway/cloud/crypto.hpp"

#include "tests/gateway/cloud/rsa.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cloud;
using namespace troupe::cloud::testing;

TEST_CASE("hashes are those of the standards") {
  // FIPS 180-2 appendix B.1; RFC 4231 test case 2.
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string key = "Jefe";
  CHECK(hex(hmac_sha256({reinterpret_cast<const unsigned char*>(key.data()), key.size()},
                        "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("base64 for URLs has no padding and no characters that URLs mean something by") {
  CHECK(base64url("").empty());
  CHECK(base64url("f") == "Zg");
  CHECK(base64url("foobar") == "Zm9vYmFy");
  CHECK(base64url("\xfb\xff\xfe") == "-__-");
}

TEST_CASE("a signature by a private key is verified by its public half") {
  const auto signature = sign_rs256(Secret(pem_of(rsa_key())), "text");
  REQUIRE(signature);
  CHECK(verifies(rsa_key(), "text", *signature));
  CHECK_FALSE(verifies(rsa_key(), "other", *signature));
}

TEST_CASE("what is no RSA key is refused without being repeated, and without asking for a password") {
  const KeyPair elliptic(EVP_EC_gen("P-256"));
  for (const auto& pem : {std::string(), std::string("SECRET"), pem_of(elliptic.get()),
                          pem_of(rsa_key(), "password"), pem_of(rsa_key()).substr(0, 300)}) {
    const auto signature = sign_rs256(Secret(pem), "text");
    REQUIRE_FALSE(signature);
    CHECK(signature.error().message == "the private key is no RSA key in PEM without a password");
  }
}
