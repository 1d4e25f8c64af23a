#include "gateway/cloud/aws_answers.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/cloud/source.hpp"
#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> bad(std::string message) {
  return fail(Fault::provider_key_dead, std::move(message));
}

std::string text(const Json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
}

tl::unexpected<Error> refusal(const std::string& who, int status, std::string_view code) {
  return fail(refusal_fault(status),
              who + " answered " + std::to_string(status) + " (" + short_code(code, "no reason given") + ")");
}

Result<AwsGranted> granted(AwsKey key, std::string_view end, Moment at, const std::string& who) {
  const auto& token = key.session_token.reveal();
  if (key.id.empty() || key.secret.empty() || !fits_header(key.id) || !fits_header(token))
    return bad(who + " answered without a key");
  AwsGranted made{std::move(key), kNever};
  if (!end.empty()) {
    const auto parsed = read_end(end, at);
    if (!parsed) return bad(who + " answered with an end that is no date");
    made.end = *parsed;
  }
  return made;
}

/// The text of the first element of that name; "" when there is none. Keys and tokens need no entities.
std::string element(std::string_view xml, const std::string& name) {
  const auto open = "<" + name + ">", close = "</" + name + ">";
  const auto begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  const auto end = xml.find(close, begin);
  if (end == std::string_view::npos) return {};
  return std::string(xml.substr(begin + open.size(), end - begin - open.size()));
}

/// The digits of a date at their places.
struct Date {
  std::string_view text;
  bool good = true;

  int number(std::size_t at, std::size_t size) {
    int value = -1;
    const auto part = text.substr(at, size);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    good = good && error == std::errc{} && end == part.data() + size && value >= 0;
    return value;
  }
};

}  // namespace

Result<Time> read_end(std::string_view text, Moment at) {
  const bool shaped = text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
                      text[13] == ':' && text[16] == ':' && text.back() == 'Z';
  if (!shaped) return bad("no date");
  Date date{text};
  const int year = date.number(0, 4), month = date.number(5, 2), day = date.number(8, 2);
  const int hour = date.number(11, 2), minute = date.number(14, 2), second = date.number(17, 2);
  if (!date.good || hour > 23 || minute > 59 || second > 60) return bad("no date");
  const std::chrono::year_month_day calendar{std::chrono::year(year),
                                             std::chrono::month(static_cast<unsigned>(month)),
                                             std::chrono::day(static_cast<unsigned>(day))};
  if (!calendar.ok()) return bad("no date");
  if (year > 2200) return kNever;
  if (year < 1970) return Time::min();
  const WallTime wall = WallTime(std::chrono::sys_days(calendar).time_since_epoch()) +
                        std::chrono::hours(hour) + std::chrono::minutes(minute) +
                        std::chrono::seconds(second);
  return at.now + (wall - at.wall);
}

Result<AwsGranted> read_aws_json(const Reply& reply, Moment at, const std::string& who) {
  const auto answer = Json::parse(reply.body, nullptr, false);
  if (!answer.is_object()) {
    if (reply.status != 200) return refusal(who, reply.status, "");
    return bad(who + " answered with something that is no JSON object");
  }
  // The metadata service says "Success" here, and failures with a status of 200.
  auto code = text(answer, "Code");
  if (code.empty()) code = text(answer, "code");
  if (reply.status != 200 || (!code.empty() && code != "Success")) return refusal(who, reply.status, code);
  AwsKey key{text(answer, "AccessKeyId"), Secret(text(answer, "SecretAccessKey")),
             Secret(text(answer, "Token"))};
  return granted(std::move(key), text(answer, "Expiration"), at, who);
}

Result<AwsGranted> read_sts_xml(const Reply& reply, Moment at) {
  const std::string who = "AWS STS";
  if (reply.status != 200) return refusal(who, reply.status, element(reply.body, "Code"));
  AwsKey key{element(reply.body, "AccessKeyId"), Secret(element(reply.body, "SecretAccessKey")),
             Secret(element(reply.body, "SessionToken"))};
  return granted(std::move(key), element(reply.body, "Expiration"), at, who);
}

}  // namespace troupe::cloud
