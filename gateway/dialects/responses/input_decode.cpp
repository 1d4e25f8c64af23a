#include <fmt/format.h>
#include <utility>

#include "gateway/dialects/responses/decode.hpp"
#include "gateway/dialects/responses/spaces.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// Items on their way into messages.
class Reader {
 public:
  Result<void> add(const Json& item, const std::string& where);
  std::vector<Message> take() { return std::move(out_); }

 private:
  Result<void> add_message(const Json& item, const std::string& where);
  Result<void> add_said(const Json& item, std::vector<Part> parts);
  Result<void> add_call(const Json& item, const std::string& where);
  Result<void> add_result(const Json& item, const std::string& where);
  void add_reasoning(const Json& item);
  Message& turn(Role role);

  std::vector<Message> out_;
  std::string call_seal_;  ///< for the next call
  bool said_ = false;      ///< the last item was a message
};

Result<Role> role_of(const Json& item, const std::string& where) {
  const auto word = text(item, "role");
  if (word == "user") return Role::user;
  if (word == "assistant") return Role::assistant;
  if (word == "system") return Role::system;
  if (word == "developer") return Role::developer;
  return invalid(where + ".role", "expected 'user', 'assistant', 'system' or 'developer'");
}

std::int64_t text_bytes(const std::vector<Part>& parts) {
  std::size_t out = 0;
  for (const auto& part : parts) {
    if (const auto* said = std::get_if<Text>(&part.is)) out += said->text.size();
  }
  return static_cast<std::int64_t>(out);
}

/// The model counts from the beginning of the message.
void shift(Citation& citation, std::int64_t before) {
  if (citation.end == 0) return;
  citation.start += before;
  citation.end += before;
}

/// The turn that is being read: the last message when it is this role's, else a new one.
Message& Reader::turn(Role role) {
  if (out_.empty() || out_.back().role != role) out_.push_back({role, {}, {}});
  return out_.back();
}

/// Parts that nobody knows make an item of their own, as there is no other place for them in a turn.
Result<void> Reader::add_said(const Json& item, std::vector<Part> parts) {
  if (said_ || parts.empty()) out_.push_back({Role::assistant, {}, {}});
  auto& message = turn(Role::assistant);
  auto before = text_bytes(message.parts);
  for (auto& part : parts) {
    if (auto* said = std::get_if<Text>(&part.is)) {
      for (auto& citation : said->citations) shift(citation, before);
      before += static_cast<std::int64_t>(said->text.size());
    }
    if (auto* own = std::get_if<Opaque>(&part.is)) {
      own->json = {{"type", "message"},
                   {"role", text(item, "role")},
                   {"content", Json::array({std::move(own->json)})}};
    }
    message.parts.push_back(std::move(part));
  }
  return {};
}

Result<void> Reader::add_message(const Json& item, const std::string& where) {
  const auto role = role_of(item, where);
  if (!role) return tl::unexpected<Error>(role.error());
  const auto* content = member(item, "content");
  if (!content) return invalid(where + ".content", "expected a text or a list of parts");
  auto parts = decode_content(*content, where + ".content");
  if (!parts) return tl::unexpected<Error>(parts.error());
  if (*role == Role::assistant) return add_said(item, std::move(*parts));
  out_.push_back({*role, std::move(*parts), {}});
  return {};
}

Result<void> Reader::add_call(const Json& item, const std::string& where) {
  auto call = read_call(item);
  if (call.id.empty()) return invalid(where + ".call_id", "expected the call's id");
  if (call.name.empty()) return invalid(where + ".name", "expected the tool's name");
  if (call.signature.empty()) call.signature = std::exchange(call_seal_, {});
  call_seal_.clear();
  turn(Role::assistant).parts.push_back({std::move(call)});
  return {};
}

Result<void> Reader::add_result(const Json& item, const std::string& where) {
  ToolResult result;
  result.id = text(item, "call_id");
  result.custom = text(item, "type") == "custom_tool_call_output";
  if (result.id.empty()) return invalid(where + ".call_id", "expected the id of the call that it answers");
  const auto* output = member(item, "output");
  if (output && !(output->is_string() && output->get_ref<const std::string&>().empty())) {
    auto content = decode_content(*output, where + ".output");
    if (!content) return tl::unexpected<Error>(content.error());
    result.content = std::move(*content);
  }
  turn(Role::tool).parts.push_back({std::move(result)});
  return {};
}

void Reader::add_reasoning(const Json& item) {
  const auto packed = text(item, "encrypted_content");
  if (const auto seal = unpack_seal(packed); seal.of_call) {
    call_seal_ = seal.signature;
    return;
  }
  turn(Role::assistant).parts.push_back({read_reasoning(item)});
}

Result<void> Reader::add(const Json& item, const std::string& where) {
  if (!item.is_object()) return invalid(where, "expected an item");
  const auto type = text(item, "type");
  const bool message = type == "message" || (type.empty() && item.contains("role"));
  Result<void> done;
  if (message) {
    done = add_message(item, where);
  } else if (type == "function_call" || type == "custom_tool_call") {
    done = add_call(item, where);
  } else if (type == "function_call_output" || type == "custom_tool_call_output") {
    done = add_result(item, where);
  } else if (type == "reasoning") {
    add_reasoning(item);
  } else if (type.empty()) {
    done = invalid(where + ".type", "an item needs a type");
  } else {
    const bool answer = type.ends_with("_output") || type.ends_with("_response");
    turn(answer ? Role::tool : Role::assistant).parts.push_back({Opaque{Dialect::responses, item}});
  }
  said_ = message && !out_.empty() && out_.back().role == Role::assistant;
  return done;
}

}  // namespace

ToolCall read_call(const Json& item) {
  ToolCall out;
  out.custom = text(item, "type") == "custom_tool_call";
  out.id = text(item, "call_id");
  out.name = joined_name(text(item, "namespace"), text(item, "name"));
  const auto* arguments = member(item, out.custom ? "input" : "arguments");
  if (arguments) out.arguments = arguments->is_string() ? arguments->get<std::string>() : dump(*arguments);
  const auto* extra = member(item, "extra_content");
  const auto* google = extra ? member(*extra, "google") : nullptr;
  if (google) out.signature = text(*google, "thought_signature");
  return out;
}

Result<std::vector<Message>> decode_input(const Json& input) {
  Reader reader;
  if (input.is_string()) {
    std::vector<Message> out;
    out.push_back({Role::user, {{Text{input.get<std::string>(), {}, nullptr}}}, {}});
    return out;
  }
  if (!input.is_array()) return invalid("input", "expected a text or a list of items");
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (auto added = reader.add(input[i], fmt::format("input[{}]", i)); !added)
      return tl::unexpected<Error>(added.error());
  }
  return reader.take();
}

}  // namespace troupe::dialects::responses
