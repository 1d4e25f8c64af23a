#include "app/build.hpp"

#include <openssl/crypto.h>
#include <boost/version.hpp>

namespace troupe::app {

admin::BuildInfo build_info() {
  admin::BuildInfo info;
  info.version = TROUPE_VERSION;
  info.git = TROUPE_GIT;
  info.built = TROUPE_BUILD_TYPE;
  info.compiler = __VERSION__;
  info.libs["boost"] = BOOST_LIB_VERSION;
  info.libs["openssl"] = OpenSSL_version(OPENSSL_VERSION_STRING);
  info.libs["caf"] = TROUPE_CAF;
  return info;
}

}  // namespace troupe::app
