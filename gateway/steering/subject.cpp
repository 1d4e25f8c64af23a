#include "gateway/steering/subject.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

#include "core/hash.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::steering {
namespace {

using rules::Field;

constexpr std::size_t kMostTags = 64;

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

void add_text(std::string& out, const dialects::Part& part) {
  const auto* text = std::get_if<dialects::Text>(&part.is);
  if (text == nullptr) return;
  if (!out.empty()) out += '\n';
  out += text->text;
}

bool is_image(const dialects::Part& part) {
  const auto* media = std::get_if<dialects::Media>(&part.is);
  return media != nullptr && media->kind == dialects::Media::Kind::image;
}

/// Behind it may stand the results of tools: what is to be done was said before.
std::string last_text(const dialects::Conversation& talk) {
  std::string text;
  for (auto at = talk.messages.rbegin(); at != talk.messages.rend() && text.empty(); ++at) {
    if (at->role != dialects::Role::user) continue;
    for (const auto& part : at->parts) add_text(text, part);
  }
  return text;
}

std::string_view word(dialects::Format::Kind kind) {
  if (kind == dialects::Format::Kind::json) return "json_object";
  return kind == dialects::Format::Kind::schema ? "json_schema" : "text";
}

void read_clock(WallTime wall, rules::Facts& facts) {
  using namespace std::chrono;
  const auto day = floor<days>(wall);
  const auto minutes = floor<std::chrono::minutes>(wall - day).count();
  facts.hour = static_cast<double>(minutes / 60);
  facts.minute = static_cast<double>(minutes % 60);
  facts.weekday = weekday(day).c_encoding();
}

}  // namespace

std::string last_question(const dialects::Request& request) {
  if (!dialects::converses(request.operation)) return {};
  const auto talk = providers::conversation_of(request);
  return talk ? last_text(**talk) : std::string();
}

rules::Pairs read_tags(std::string_view text) {
  rules::Pairs out;
  while (!text.empty() && out.size() < kMostTags) {
    const auto end = std::min(text.find(','), text.size());
    const auto one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto equals = one.find('=');
    if (equals == one.npos) continue;
    out.emplace_back(trim(one.substr(0, equals)), trim(one.substr(equals + 1)));
  }
  return out;
}

double share_of(std::string_view tenant, std::string_view user, std::string_view request_id) {
  constexpr std::string_view kBetween = "\xFF";  // in no name: "ab" and "c" are not "a" and "bc"
  auto hash = fnv1a(kBetween, fnv1a(user, fnv1a(kBetween, fnv1a(tenant))));
  if (tenant.empty() && user.empty()) hash = fnv1a(request_id, hash);
  return static_cast<double>((hash >> 13) % 10'000) / 100;
}

Subject::Subject(const dialects::Request& request, const config::Routing& routing,
                 const Circumstances& around) {
  facts_.model = request.model;
  facts_.tenant = around.tenant;
  facts_.user = request.user;
  facts_.input_tokens = static_cast<double>(request.input_estimate.count);
  facts_.max_tokens = static_cast<double>(request.max_output.value_or(0));
  facts_.messages = static_cast<double>(request.messages);
  facts_.tools = request.tools ? 1 : 0;
  facts_.images = request.images ? 1 : 0;
  facts_.response_format = request.json_schema ? "json_schema" : "text";
  facts_.stream = request.stream;
  facts_.budget_used = around.budget_used;
  facts_.headers = around.headers;
  facts_.task = around.task;
  facts_.percent = share_of(around.tenant, request.user, around.request_id);
  read_clock(around.wall, facts_);
  static const rules::Pairs kNone;
  facts_.tags = around.tags ? around.tags : &kNone;
  const bool guesses = around.task.empty() && routing.asks(Field::task);
  const bool counts = (request.tools && routing.asks(Field::tools_count)) ||
                      (request.images && routing.asks(Field::images_count));
  if (guesses || counts || routing.asks(Field::last_message) || routing.asks(Field::response_format))
    read_body(request);
  if (!guesses) return;
  task_ = routing.classify(last_message_);
  facts_.task = task_;
}

void Subject::read_body(const dialects::Request& request) {
  if (!dialects::converses(request.operation)) return;
  const auto talk = providers::conversation_of(request);
  if (!talk) return;  // whoever serves it says what is wrong with it
  facts_.tools = static_cast<double>((*talk)->tools.size());
  facts_.response_format = word((*talk)->format.kind);
  std::size_t images = 0;
  for (const auto& message : (*talk)->messages) {
    for (const auto& part : message.parts) images += is_image(part) ? 1 : 0;
  }
  facts_.images = static_cast<double>(images);
  last_message_ = last_text(**talk);
  facts_.last_message = last_message_;
}

}  // namespace troupe::steering
