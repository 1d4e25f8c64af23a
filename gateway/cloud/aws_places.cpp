#include "gateway/cloud/aws_places.hpp"

#include <optional>

#include "gateway/cloud/aws_profile.hpp"
#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

using config::Environment;
using Found = std::optional<Result<AwsPlace>>;

tl::unexpected<Error> missing(std::string message) {
  return fail(Fault::provider_key_dead, std::move(message));
}

std::string value(const IniSection& values, std::string_view name) {
  const auto at = values.find(name);
  return at == values.end() ? std::string() : at->second;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

/// Half a key is a mistake, never a reason to look further and use somebody else's.
Found static_key(AwsKey key, const std::string& where) {
  if (key.id.empty() && key.secret.empty()) return std::nullopt;
  if (key.id.empty()) return missing(where + " gives a secret access key without its id");
  if (key.secret.empty()) return missing(where + " gives an access key id without its secret");
  if (!fits_header(key.id) || !fits_header(key.session_token.reveal()))
    return missing(where + " gives a key with characters that no key has");
  return AwsPlace(AwsStatic{std::move(key)});
}

Result<AwsPlace> web_identity(const std::string& role, const std::string& file, const std::string& session,
                              const std::string& region, const Environment& environment) {
  if (role.empty()) return missing("a web identity token file is named without a role (AWS_ROLE_ARN)");
  auto token = environment.file(file, kLargestCredentialFile);
  if (!token) return missing("cannot read the web identity token file " + file);
  auto endpoint = variable(environment, "AWS_ENDPOINT_URL_STS");
  if (endpoint.empty()) {
    endpoint = "https://sts." + (region.empty() ? "" : region + ".") + "amazonaws.com";
    if (region.starts_with("cn-")) endpoint += ".cn";
  }
  auto url = parse_url(endpoint);
  if (!url || (!url->tls && !is_loopback(url->host)))
    return missing("the endpoint of STS must be an https:// URL (AWS_ENDPOINT_URL_STS, the region)");
  return AwsPlace(AwsWebIdentity{std::move(*url), role, session.empty() ? "troupe" : session,
                                 Secret(trimmed(std::move(*token)))});
}

Found of_environment(const Environment& environment) {
  AwsKey key{variable(environment, "AWS_ACCESS_KEY_ID"),
             Secret(variable(environment, "AWS_SECRET_ACCESS_KEY")),
             Secret(variable(environment, "AWS_SESSION_TOKEN"))};
  return static_key(std::move(key), "the environment");
}

Found of_web_identity(const AwsOptions& options, const Environment& environment) {
  const auto file = variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (file.empty()) return std::nullopt;
  return web_identity(variable(environment, "AWS_ROLE_ARN"), file,
                      variable(environment, "AWS_ROLE_SESSION_NAME"), find_aws_region(options, environment),
                      environment);
}

/// What AWS' own tools can do with a profile and we cannot.
std::string unsupported(const IniSection& values) {
  for (const auto* setting : {"source_profile", "credential_source", "credential_process", "sso_session",
                              "sso_start_url", "login_session"}) {
    if (!value(values, setting).empty()) return setting;
  }
  return value(values, "role_arn").empty() ? "" : "role_arn";
}

Found of_profile(const AwsOptions& options, const Environment& environment) {
  const auto profile = read_aws_profile(options.profile, environment);
  const auto where = "profile \"" + profile.name + "\"";
  if (profile.named && !profile.found)
    return missing("there is no AWS " + where + " in the shared configuration and credentials files");
  const auto& values = profile.values;
  if (const auto file = value(values, "web_identity_token_file"); !file.empty())
    return web_identity(value(values, "role_arn"), file, value(values, "role_session_name"),
                        find_aws_region(options, environment), environment);
  const bool assumes = !value(values, "role_arn").empty();
  if (!assumes) {
    auto found =
        static_key({value(values, "aws_access_key_id"), Secret(value(values, "aws_secret_access_key")),
                    Secret(value(values, "aws_session_token"))},
                   "AWS " + where);
    if (found) return found;
  }
  if (const auto setting = unsupported(values); !setting.empty())
    return missing("AWS " + where + " gets its credentials by `" + setting + "`, which is not supported");
  if (profile.named) return missing("AWS " + where + " has no credentials");
  return std::nullopt;
}

/// Plain HTTP only where the address cannot leave the machine.
bool may_be_plain(const std::string& host) {
  return is_loopback(host) || host == "169.254.170.2" || host == "169.254.170.23" || host == "fd00:ec2::23";
}

Found of_container(const Environment& environment) {
  const auto relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::nullopt;
  auto url = parse_url(relative.empty() ? full : "http://169.254.170.2" + relative);
  if (!url || (!url->tls && !may_be_plain(url->host)))
    return missing(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https://, or http:// at the container's own host");
  auto authorization = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    auto text = environment.file(file, kLargestCredentialFile);
    if (!text) return missing("cannot read the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names");
    authorization = trimmed(std::move(*text));
  }
  if (!fits_header(authorization)) return missing("the container's authorization token is no header value");
  return AwsPlace(AwsContainer{std::move(*url), Secret(std::move(authorization))});
}

Result<AwsPlace> of_instance(const Environment& environment) {
  if (variable(environment, "AWS_EC2_METADATA_DISABLED") == "true")
    return missing("no AWS credentials in the environment, the profile or the container");
  auto endpoint = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  const bool six = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6";
  if (endpoint.empty()) endpoint = six ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  auto url = parse_url(endpoint);
  if (!url) return missing("AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL");
  return AwsPlace(AwsInstance{std::move(*url)});
}

}  // namespace

Result<AwsPlace> find_aws(const AwsOptions& options, const Environment& environment) {
  if (auto found = static_key(options.key, "the configuration")) return std::move(*found);
  if (options.profile.empty()) {
    if (auto found = of_environment(environment)) return std::move(*found);
    if (auto found = of_web_identity(options, environment)) return std::move(*found);
  }
  if (auto found = of_profile(options, environment)) return std::move(*found);
  if (auto found = of_container(environment)) return std::move(*found);
  return of_instance(environment);
}

std::string find_aws_region(const AwsOptions& options, const Environment& environment) {
  if (!options.region.empty()) return options.region;
  for (const auto* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (auto region = variable(environment, name); !region.empty()) return region;
  }
  return value(read_aws_profile(options.profile, environment).values, "region");
}

}  // namespace troupe::cloud
