#pragma once
// Google's OAuth tokens as a Source.
#include <string>
#include <string_view>

#include "gateway/cloud/google_files.hpp"
#include "gateway/cloud/source.hpp"

namespace troupe::cloud {

/// The signed assertion that a service account presents for a token, valid for an hour from `wall` (RFC
/// 7523). Fails when the account's key is no RSA key.
Result<std::string> google_assertion(const GoogleServiceAccount& account, const std::string& scope,
                                     WallTime wall);

class GoogleCredentials final : public Source {
 public:
  /// Looks at the places of find_google() anew for each fetch.
  GoogleCredentials(GoogleOptions options, config::Environment environment);

 private:
  Step begin(Moment at) override;
  Step go_on(const Reply& reply, Moment at) override;
  Error silence(std::string_view why) override;
  Step ask(const GoogleServiceAccount& account, Moment at);
  Step ask(const GoogleUser& user, Moment at);
  Step ask(const GoogleInstance& instance, Moment at);

  const GoogleOptions options_;
  const config::Environment environment_;
  std::string who_;      ///< whose answer is awaited, for errors
  std::string project_;  ///< of the fetch under way
};

}  // namespace troupe::cloud
