#include "gateway/cloud/aws_profile.hpp"

#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

Ini read(const config::Environment& environment, const std::string& name, const std::string& usual) {
  auto path = variable(environment, name);
  if (path.empty()) {
    const auto home = variable(environment, "HOME");
    if (home.empty()) return {};
    path = home + usual;
  }
  const auto text = environment.file(path, kLargestCredentialFile);
  return text ? parse_ini(*text) : Ini{};
}

}  // namespace

AwsProfile read_aws_profile(const std::string& wanted, const config::Environment& environment) {
  AwsProfile profile;
  profile.name = wanted.empty() ? variable(environment, "AWS_PROFILE") : wanted;
  profile.named = !profile.name.empty();
  if (!profile.named) profile.name = "default";

  const auto take = [&](const Ini& from, const std::string& section) {
    const auto at = from.find(section);
    if (at == from.end()) return false;
    for (const auto& [name, value] : at->second) profile.values.insert_or_assign(name, value);
    return profile.found = true;
  };
  const auto config = read(environment, "AWS_CONFIG_FILE", "/.aws/config");
  if (!take(config, "profile " + profile.name) && profile.name == "default") take(config, "default");
  take(read(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"), profile.name);
  return profile;
}

}  // namespace troupe::cloud
