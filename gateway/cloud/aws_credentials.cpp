#include "gateway/cloud/aws_credentials.hpp"

#include <utility>

#include "gateway/cloud/aws_answers.hpp"
#include "gateway/cloud/percent.hpp"
#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

// One request of the metadata service, as AWS' SDKs wait: it is on the same machine or not there at all.
constexpr auto kInstanceTimeout = std::chrono::seconds(1);
constexpr auto kContainerTimeout = std::chrono::seconds(2);

Error dead(std::string message) {
  return {Fault::provider_key_dead, std::move(message), {}, {}};
}

Ask instance_ask(Url service, const std::string& path) {
  Ask ask;
  while (service.target.ends_with('/')) service.target.pop_back();
  ask.url = std::move(service);
  ask.url.target += path;
  ask.timeout = kInstanceTimeout;
  ask.direct = true;
  return ask;
}

constexpr const char* kRoles = "/latest/meta-data/iam/security-credentials/";

Ask role_ask(const Url& service, const Secret& token, const std::string& role) {
  auto ask = instance_ask(service, kRoles + percent_encode(role));
  ask.headers = {{"x-aws-ec2-metadata-token", token.reveal()}};
  return ask;
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find_first_of("\r\n")));
}

}  // namespace

/// The first request of a place, if it takes one.
struct AwsCredentials::Begin {
  Stage& stage;

  Step operator()(AwsStatic& place) const {
    Credential credential;
    credential.aws = std::move(place.key);
    return Fetched{std::move(credential), kNever};
  }
  Step operator()(AwsContainer& place) const {
    stage = AtContainer{};
    Ask ask;
    ask.url = std::move(place.url);
    if (!place.authorization.empty()) ask.headers = {{"authorization", place.authorization.reveal()}};
    ask.timeout = kContainerTimeout;
    ask.direct = true;
    return ask;
  }
  Step operator()(AwsWebIdentity& place) const {
    stage = AtSts{};
    Ask ask;
    ask.method = "POST";
    ask.url = std::move(place.sts);
    ask.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    Form form;
    form.add("Action", "AssumeRoleWithWebIdentity").add("Version", "2011-06-15");
    form.add("RoleArn", place.role).add("RoleSessionName", place.session);
    ask.body = form.add("WebIdentityToken", place.token.reveal()).take();
    return ask;
  }
  Step operator()(AwsInstance& place) const {
    auto ask = instance_ask(place.service, "/latest/api/token");
    ask.method = "PUT";
    ask.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    stage = AtToken{std::move(place.service)};
    return ask;
  }
};

struct AwsCredentials::GoOn {
  Stage& stage;
  const Reply& reply;
  Moment at;

  Step granted(Result<AwsGranted> result) const {
    if (!result) return std::move(result.error());
    Credential credential;
    credential.aws = std::move(result->key);
    return Fetched{std::move(credential), result->end};
  }
  Step operator()(std::monostate) const { return dead("an answer that nobody waited for"); }
  Step operator()(AtContainer) const {
    return granted(read_aws_json(reply, at, "the container's credential endpoint"));
  }
  Step operator()(AtSts) const { return granted(read_sts_xml(reply, at)); }
  Step operator()(AtToken& held) const {
    if (reply.status != 200 || reply.body.empty() || !fits_header(reply.body))
      return dead("the instance metadata service gives no session token (" + std::to_string(reply.status) +
                  ")");
    AtRole next{std::move(held.service), Secret(reply.body)};
    auto ask = role_ask(next.service, next.token, "");
    stage = std::move(next);
    return ask;
  }
  Step operator()(AtRole& held) const {
    if (reply.status == 404)
      return dead("this instance has no role, and no AWS credentials were found elsewhere");
    const auto role = first_line(reply.body);
    if (reply.status != 200 || role.empty())
      return dead("the instance metadata service names no role (" + std::to_string(reply.status) + ")");
    auto ask = role_ask(held.service, held.token, role);
    stage = AtInstanceKey{};
    return ask;
  }
  Step operator()(AtInstanceKey) const {
    return granted(read_aws_json(reply, at, "the instance metadata service"));
  }
};

AwsCredentials::AwsCredentials(AwsOptions options, config::Environment environment)
    : options_(std::move(options)), environment_(std::move(environment)) {}

Source::Step AwsCredentials::begin(Moment) {
  stage_ = std::monostate{};
  auto place = find_aws(options_, environment_);
  if (!place) return std::move(place.error());
  return std::visit(Begin{stage_}, *place);
}

Source::Step AwsCredentials::go_on(const Reply& reply, Moment at) {
  auto stage = std::exchange(stage_, std::monostate{});
  return std::visit(GoOn{stage_, reply, at}, stage);
}

Error AwsCredentials::silence(std::string_view why) {
  // Where the first request finds nobody, this is no instance: nothing that would pass.
  if (std::holds_alternative<AtToken>(stage_))
    return dead(
        std::string("no AWS credentials in the environment, the profile or the container, and the instance "
                    "metadata service does not answer: ")
            .append(why));
  std::string message = "the instance metadata service stopped answering: ";
  if (std::holds_alternative<AtContainer>(stage_))
    message = "the container's credential endpoint does not answer: ";
  if (std::holds_alternative<AtSts>(stage_)) message = "AWS STS does not answer: ";
  return {Fault::provider_connect, message.append(why), {}, {}};
}

}  // namespace troupe::cloud
