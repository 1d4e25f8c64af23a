#include "cluster/link/certs.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace troupe::link {
namespace {

namespace fs = std::filesystem;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Serial = std::unique_ptr<BIGNUM, Freed<BN_free>>;

struct Identity {
  Key key;
  Cert cert;
};

auto broken(const std::string& what) {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* why = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return fail(Fault::troupe_internal,
              "cannot make the certificate: " + what + (why ? std::string(": ") + why : ""));
}

Result<void> write_new(const fs::path& path, BIO* text) {
  char* bytes = nullptr;
  const auto n = static_cast<std::size_t>(BIO_get_mem_data(text, &bytes));
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool good = file >= 0 && ::write(file, bytes, n) == static_cast<ssize_t>(n) && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0 && ::close(file) != 0) good = false;
  if (good) return {};
  return fail(Fault::troupe_internal, "cannot write '" + path.string() + "': " + std::strerror(why));
}

Result<void> store(const fs::path& dir, const std::string& name, const Identity& who) {
  const Bio key(BIO_new(BIO_s_mem())), cert(BIO_new(BIO_s_mem()));
  if (!key || !cert ||
      PEM_write_bio_PrivateKey(key.get(), who.key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_X509(cert.get(), who.cert.get()) != 1)
    return broken("PEM");
  if (auto done = write_new(dir / (name + ".key"), key.get()); !done) return done;
  return write_new(dir / (name + ".pem"), cert.get());
}

bool extend(X509* cert, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, what, value));
  return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

/// 127 random bits, as RFC 5280 section 4.1.2.2 likes it: positive, not zero in practice.
bool draw_serial(X509* cert) {
  const Serial serial(BN_new());
  return serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert)) != nullptr;
}

/// A key and a version 3 certificate with names and life, without extensions and signature.
Result<Identity> begin(const std::string& name, WallTime from, WallTime until) {
  Identity out{Key(EVP_EC_gen("P-256")), Cert(X509_new())};
  if (!out.key || !out.cert) return broken("no key");
  auto* cert = out.cert.get();
  const auto seconds = [](WallTime t) {
    return static_cast<time_t>(
        std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
  };
  const auto* common = reinterpret_cast<const unsigned char*>(name.c_str());
  const bool good =
      X509_set_version(cert, 2) == 1 && draw_serial(cert) && X509_set_pubkey(cert, out.key.get()) == 1 &&
      ASN1_TIME_set(X509_getm_notBefore(cert), seconds(from)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(cert), seconds(until)) != nullptr &&
      X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1;
  if (!good) return broken("names and dates");
  return out;
}

template <class T, class Read>
T* read_pem(const fs::path& path, Read read) {
  const Bio file(BIO_new_file(path.c_str(), "r"));
  return file ? read(file.get(), nullptr, nullptr, nullptr) : nullptr;
}

bool good_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= 63 && name != "ca" && name.front() != '.' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), fits);
}

constexpr Duration kSkew = std::chrono::minutes(1);

}  // namespace

Result<void> make_ca(const fs::path& dir, const CertOptions& options) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) return fail(Fault::troupe_internal, "cannot make '" + dir.string() + "': " + error.message());
  auto made = begin("troupe cluster", options.now - kSkew, options.now + 10 * options.life);
  if (!made) return tl::unexpected(made.error());
  auto* cert = made->cert.get();
  const bool good = X509_set_issuer_name(cert, X509_get_subject_name(cert)) == 1 &&
                    extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    extend(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    extend(cert, cert, NID_subject_key_identifier, "hash") &&
                    X509_sign(cert, made->key.get(), EVP_sha256()) > 0;
  if (!good) return broken("extensions");
  return store(dir, "ca", *made);
}

Result<void> make_node_cert(const fs::path& dir, const std::string& name, const CertOptions& options) {
  if (!good_name(name)) {
    return fail(Fault::troupe_internal,
                "'" + name + "' is no node name: letters, digits, '.', '-', '_', at most 63, not 'ca'");
  }
  const Key ca_key(read_pem<EVP_PKEY>(dir / "ca.key", PEM_read_bio_PrivateKey));
  const Cert ca(read_pem<X509>(dir / "ca.pem", PEM_read_bio_X509));
  if (!ca_key || !ca) return broken("no authority in '" + dir.string() + "'");
  auto made = begin(name, options.now - kSkew, options.now + options.life);
  if (!made) return tl::unexpected(made.error());
  auto* cert = made->cert.get();
  const bool good = X509_set_issuer_name(cert, X509_get_subject_name(ca.get())) == 1 &&
                    extend(cert, ca.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                    extend(cert, ca.get(), NID_key_usage, "critical,digitalSignature") &&
                    extend(cert, ca.get(), NID_ext_key_usage, "serverAuth,clientAuth") &&
                    extend(cert, ca.get(), NID_subject_alt_name, ("DNS:" + name).c_str()) &&
                    extend(cert, ca.get(), NID_authority_key_identifier, "keyid") &&
                    X509_sign(cert, ca_key.get(), EVP_sha256()) > 0;
  if (!good) return broken("extensions");
  return store(dir, name, *made);
}

}  // namespace troupe::link
