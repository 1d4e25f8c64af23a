#pragma once
// Google's credential files and where they are.
// Source: google.aip.dev/auth/4110 (application default credentials), 4112 (service accounts), 4113 (users).
#include <string>
#include <variant>

#include "config/environment.hpp"
#include "gateway/cloud/ask.hpp"
#include "gateway/cloud/crypto.hpp"

namespace troupe::cloud {

/// What the configuration says; the rest is found as Google's libraries find it.
struct GoogleOptions {
  Secret json = Secret();  ///< the text of a credential file; "" = none
  std::string file = {};   ///< the path of one; "" = application default credentials
  std::string scope = "https://www.googleapis.com/auth/cloud-platform";
};

/// "type": "service_account": signs for a token with its own RSA key.
struct GoogleServiceAccount {
  std::string email, key_id, project;
  Secret private_key;  ///< PEM
  Url token;
  std::string audience;  ///< the token URL as it was written
};
/// "type": "authorized_user" (gcloud auth application-default login).
struct GoogleUser {
  std::string client_id, project;  ///< project: whom to bill
  Secret client_secret, refresh_token;
  Url token;
};
/// Compute Engine, GKE, Cloud Run: the metadata server has a token.
struct GoogleInstance {
  Url service;
};

using GooglePlace = std::variant<GoogleServiceAccount, GoogleUser, GoogleInstance>;

/// Reads one credential file. Fails with what is wrong with it, never with what it holds; other types
/// (external accounts, impersonation) are not supported and said to be so. Token URLs must be https, or on
/// this machine.
Result<GooglePlace> read_google_json(std::string_view text, const std::string& where);

/// The first of: the options' text or file; GOOGLE_APPLICATION_CREDENTIALS;
/// application_default_credentials.json under CLOUDSDK_CONFIG or ~/.config/gcloud; the metadata server
/// (unless NO_GCE_CHECK is "true").
Result<GooglePlace> find_google(const GoogleOptions& options, const config::Environment& environment);

/// The project by GOOGLE_CLOUD_PROJECT or the credential file; "" when neither says.
std::string find_google_project(const GoogleOptions& options, const config::Environment& environment);

}  // namespace troupe::cloud
