#pragma once
// The recordings, and a plain second reading of their answers to compare ours with.
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/units.hpp"
#include "gateway/providers/adapter.hpp"

namespace recorded {

using Json = nlohmann::json;

struct Exchange {
  std::string provider, file, url, request;
  troupe::providers::AnswerHead head;
  std::string body;
  bool stream() const;
};

/// The exchanges of one provider whose URL ends in `path` (query aside), in the order of the files' names.
/// Empty when there are no fixtures.
std::vector<Exchange> exchanges(const std::string& provider, const std::string& path);
/// False, with a line on standard output, when the fixtures are not there.
bool present();

/// An answer that was kept without its request, status and headers; lists of events are framed again.
struct Loose {
  std::string file, body;
  bool stream = false;
};
std::vector<Loose> loose_answers(const std::string& provider);

struct Call {
  std::string id, name, arguments;
  friend bool operator==(const Call&, const Call&) = default;
};

/// What a person reads out of an answer.
struct Story {
  std::map<int, std::string> text, reasoning, finish;  ///< by choice
  std::map<int, std::vector<Call>> calls;
  std::optional<troupe::Usage> usage;
  std::string error;
  bool done = false;  ///< the stream said that it was over
};

std::vector<std::string> data_of(const std::string& stream);
Story read_openai(const Json& answer);
Story read_openai_stream(const std::string& stream);
Story read_anthropic(const Json& message);
Story read_anthropic_stream(const std::string& stream);

}  // namespace recorded
