#pragma once
// Reads a request's fields in place, by a table of those that matter. For the .cpp files of this room.
#include <span>

#include "gateway/dialects/chat_messages.hpp"
#include "gateway/dialects/json_walk.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::dialects {

using Failure = std::optional<Error>;

class Reader {
 public:
  using Take = Failure (Reader::*)(json::Value& value, std::string_view name);
  struct Known {
    std::string_view name;
    Take take;
    bool ours = false;  ///< Troupe's own: cut out before the call
  };
  /// `known` lists the fields that matter, at most 32; `question` is the one beside `model` that cannot be
  /// missing. Both outlive the reader.
  Reader(Request& request, std::span<const Known> known, std::string_view question)
      : out_(request), known_(known), question_(question) {}
  Failure read(simdjson::ondemand::parser& parser);

  Failure take_model(json::Value& value, std::string_view name);
  Failure take_messages(json::Value& value, std::string_view name);
  /// Any value: its texts are weighed, its attachments counted.
  Failure take_content(json::Value& value, std::string_view name);
  Failure take_stream(json::Value& value, std::string_view name);
  Failure take_stream_options(json::Value& value, std::string_view name);
  Failure take_tools(json::Value& value, std::string_view name);
  Failure take_format(json::Value& value, std::string_view name);
  Failure take_max_tokens(json::Value& value, std::string_view name);
  Failure take_n(json::Value& value, std::string_view name);
  Failure take_user(json::Value& value, std::string_view name);
  Failure take_safety_identifier(json::Value& value, std::string_view name);
  Failure take_metadata(json::Value& value, std::string_view name);
  Failure take_max_cost(json::Value& value, std::string_view name);
  Failure take_max_latency(json::Value& value, std::string_view name);
  Failure take_fallback(json::Value& value, std::string_view name);
  /// A reference to what the provider keeps, which may stand instead of the question.
  Failure take_reference(json::Value& value, std::string_view name);

 private:
  Failure member(simdjson::ondemand::field& field);
  Failure finish();
  /// Checks the value and remembers where it stands.
  Failure pass(json::Value& value);
  /// The same for a container that has been walked: it began with `first`.
  Failure passed(json::Value& value, std::string_view first);
  Failure whole_number(json::Value& value, std::string_view name, std::optional<std::int64_t>& into);
  bool seen(std::string_view name) const;

  Request::Span span(std::string_view raw) const {
    const auto begin = static_cast<std::size_t>(raw.data() - out_.body.data());
    return {begin, begin + raw.size()};
  }
  std::size_t after_comma(std::size_t at) const;

  Request& out_;
  std::span<const Known> known_;
  std::string_view question_;
  Weight weight_;
  std::string_view raw_;  ///< the value that was passed last
  std::optional<std::int64_t> max_tokens_, max_completion_tokens_, n_;
  std::uint32_t seen_ = 0;
  bool refers_ = false;       ///< the provider knows the question already
  std::size_t kept_end_ = 0;  ///< end of the last member that is not ours
};

}  // namespace troupe::dialects
