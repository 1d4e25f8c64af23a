#include "gateway/cloud/google_credentials.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/cloud/percent.hpp"
#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

using Json = nlohmann::json;

constexpr const char* kInstanceToken = "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr auto kInstanceTimeout = std::chrono::seconds(3);
constexpr std::int64_t kLongestLife = 7 * 86'400;  // seconds; Google's tokens live 1 h, 12 h at most

Error dead(std::string message) {
  return {Fault::provider_key_dead, std::move(message), {}, {}};
}

Ask form_ask(const Url& url, Form& form) {
  Ask ask;
  ask.method = "POST";
  ask.url = url;
  ask.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  ask.body = form.take();
  ask.direct = is_loopback(url.host);
  return ask;
}

std::string text(const Json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// What an operator can do about the commonest refusal.
std::string hint(std::string_view code) {
  return code == "invalid_grant" ? ": the key or login was revoked, or this machine's clock is wrong" : "";
}

}  // namespace

Result<std::string> google_assertion(const GoogleServiceAccount& account, const std::string& scope,
                                     WallTime wall) {
  const auto now = std::chrono::floor<std::chrono::seconds>(wall.time_since_epoch()).count();
  Json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!account.key_id.empty()) header["kid"] = account.key_id;
  const Json claims = {
      {"iss", account.email}, {"scope", scope}, {"aud", account.audience}, {"iat", now}, {"exp", now + 3600}};
  const auto dump = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  auto assertion = base64url(dump(header)) + "." + base64url(dump(claims));
  const auto signature = sign_rs256(account.private_key, assertion);
  if (!signature) return tl::unexpected(signature.error());
  return assertion.append(".").append(base64url(*signature));
}

GoogleCredentials::GoogleCredentials(GoogleOptions options, config::Environment environment)
    : options_(std::move(options)), environment_(std::move(environment)) {}

Source::Step GoogleCredentials::ask(const GoogleServiceAccount& account, Moment at) {
  const auto assertion = google_assertion(account, options_.scope, at.wall);
  if (!assertion) return assertion.error();
  Form form;
  form.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer").add("assertion", *assertion);
  who_ = "Google's token endpoint";
  return form_ask(account.token, form);
}

Source::Step GoogleCredentials::ask(const GoogleUser& user, Moment) {
  Form form;
  form.add("grant_type", "refresh_token").add("client_id", user.client_id);
  form.add("client_secret", user.client_secret.reveal()).add("refresh_token", user.refresh_token.reveal());
  who_ = "Google's token endpoint";
  project_ = user.project;
  return form_ask(user.token, form);
}

Source::Step GoogleCredentials::ask(const GoogleInstance& instance, Moment) {
  Ask ask;
  ask.url = instance.service;
  ask.url.target = kInstanceToken;
  if (!options_.scope.empty()) ask.url.target += "?scopes=" + percent_encode(options_.scope);
  ask.headers = {{"metadata-flavor", "Google"}};
  ask.timeout = kInstanceTimeout;
  ask.direct = true;
  who_ = "Google's metadata server";
  return ask;
}

Source::Step GoogleCredentials::begin(Moment at) {
  project_.clear();
  const auto place = find_google(options_, environment_);
  if (!place) return place.error();
  return std::visit([&](const auto& which) { return ask(which, at); }, *place);
}

Source::Step GoogleCredentials::go_on(const Reply& reply, Moment at) {
  const auto answer = Json::parse(reply.body, nullptr, false);
  if (reply.status != 200) {
    const auto code = short_code(answer.is_object() ? text(answer, "error") : "", "no reason given");
    return Error{refusal_fault(reply.status),
                 who_ + " answered " + std::to_string(reply.status) + " (" + code + ")" + hint(code),
                 {},
                 {}};
  }
  auto token = answer.is_object() ? text(answer, "access_token") : std::string();
  if (token.empty() || !fits_header(token)) return dead(who_ + " answered without a token");
  const auto life = answer.find("expires_in");
  if (life == answer.end() || !life->is_number())
    return dead(who_ + " answered without the life of its token");
  const auto seconds = std::clamp(life->get<double>(), 0.0, static_cast<double>(kLongestLife));
  Credential credential;
  credential.bearer = Secret(std::move(token));
  credential.project = project_;
  return Fetched{std::move(credential), at.now + std::chrono::seconds(static_cast<std::int64_t>(seconds))};
}

Error GoogleCredentials::silence(std::string_view why) {
  if (who_ == "Google's metadata server")
    return dead("no Google credentials: no file is named, and the metadata server does not answer: " +
                std::string(why));
  return {Fault::provider_connect, who_ + " does not answer: " + std::string(why), {}, {}};
}

}  // namespace troupe::cloud
