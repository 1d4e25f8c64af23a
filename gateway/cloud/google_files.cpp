#include "gateway/cloud/google_files.hpp"

#include <nlohmann/json.hpp>

#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

using config::Environment;
using Json = nlohmann::json;

constexpr const char* kTokenUrl = "https://oauth2.googleapis.com/token";

tl::unexpected<Error> bad(std::string message) {
  return fail(Fault::provider_key_dead, std::move(message));
}

std::string text(const Json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// The first of these members that is absent or empty; "" when all are there.
std::string lacking(const Json& file, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    if (text(file, name).empty()) return name;
  }
  return {};
}

Result<GooglePlace> service_account(const Json& file, std::string audience, Url token) {
  GoogleServiceAccount account;
  account.email = text(file, "client_email");
  account.key_id = text(file, "private_key_id");
  account.project = text(file, "project_id");
  account.private_key = Secret(text(file, "private_key"));
  account.token = std::move(token);
  account.audience = std::move(audience);
  return GooglePlace(std::move(account));
}

Result<GooglePlace> user(const Json& file, Url token) {
  GoogleUser made;
  made.client_id = text(file, "client_id");
  made.client_secret = Secret(text(file, "client_secret"));
  made.refresh_token = Secret(text(file, "refresh_token"));
  made.project = text(file, "quota_project_id");
  made.token = std::move(token);
  return GooglePlace(std::move(made));
}

Result<GooglePlace> read_file(const std::string& path, const Environment& environment) {
  const auto content = environment.file(path, kLargestCredentialFile);
  if (!content) return bad("cannot read the Google credential file " + path);
  return read_google_json(*content, path);
}

/// Where `gcloud auth application-default login` leaves its file; "" without a home.
std::string usual_file(const Environment& environment) {
  auto folder = variable(environment, "CLOUDSDK_CONFIG");
  if (folder.empty()) {
    folder = variable(environment, "HOME");
    if (folder.empty()) return {};
    folder += "/.config/gcloud";
  }
  return folder + "/application_default_credentials.json";
}

Result<GooglePlace> instance(const Environment& environment) {
  if (variable(environment, "NO_GCE_CHECK") == "true")
    return bad("no Google credentials: no file is named, and the metadata server is not to be asked");
  auto host = variable(environment, "GCE_METADATA_HOST");
  auto url = parse_url("http://" + (host.empty() ? "metadata.google.internal" : host));
  if (!url) return bad("GCE_METADATA_HOST is no host name");
  return GooglePlace(GoogleInstance{std::move(*url)});
}

}  // namespace

Result<GooglePlace> read_google_json(std::string_view content, const std::string& where) {
  const auto file = Json::parse(content, nullptr, false);
  if (!file.is_object()) return bad(where + " is no JSON object");
  const auto type = text(file, "type");
  const bool account = type == "service_account";
  if (!account && type != "authorized_user")
    return bad(where + " is neither a service account nor an authorized user: other types are not supported");
  const auto absent = account ? lacking(file, {"client_email", "private_key"})
                              : lacking(file, {"client_id", "client_secret", "refresh_token"});
  if (!absent.empty()) return bad(where + " has no `" + absent + "`");
  auto audience = text(file, "token_uri");
  if (audience.empty()) audience = kTokenUrl;
  auto token = parse_url(audience);
  if (!token || (!token->tls && !is_loopback(token->host)))
    return bad("`token_uri` in " + where + " must be an https:// URL");
  return account ? service_account(file, std::move(audience), std::move(*token))
                 : user(file, std::move(*token));
}

Result<GooglePlace> find_google(const GoogleOptions& options, const Environment& environment) {
  if (!options.json.empty())
    return read_google_json(options.json.reveal(), "the configured Google credential");
  if (!options.file.empty()) return read_file(options.file, environment);
  if (const auto path = variable(environment, "GOOGLE_APPLICATION_CREDENTIALS"); !path.empty())
    return read_file(path, environment);
  if (const auto path = usual_file(environment); !path.empty()) {
    if (const auto content = environment.file(path, kLargestCredentialFile))
      return read_google_json(*content, path);
  }
  return instance(environment);
}

std::string find_google_project(const GoogleOptions& options, const Environment& environment) {
  if (auto project = variable(environment, "GOOGLE_CLOUD_PROJECT"); !project.empty()) return project;
  const auto place = find_google(options, environment);
  if (!place) return {};
  if (const auto* account = std::get_if<GoogleServiceAccount>(&*place)) return account->project;
  if (const auto* user = std::get_if<GoogleUser>(&*place)) return user->project;
  return {};
}

}  // namespace troupe::cloud
