#include "gateway/batch/journal.hpp"

#include <simdjson.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace troupe::batch {
namespace {

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string head_of(const std::string& id, const std::string& custom_id) {
  return R"({"id":)" + json_text(id) + R"(,"custom_id":)" + json_text(custom_id);
}

}  // namespace

std::string journal_line(std::size_t line, bool good, std::string_view text) {
  std::string out = std::to_string(line);
  out += good ? " + " : " - ";
  out.append(text).append("\n");
  return out;
}

void JournalReader::feed(std::string_view bytes) {
  while (!broken_ && !bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == bytes.npos) {
      pending_.append(bytes);
      return;
    }
    pending_.append(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
    broken_ = !take(pending_);
    pending_.clear();
  }
}

bool JournalReader::take(std::string_view record) {
  Entry entry;
  const auto* const last = record.data() + record.size();
  const auto [at, error] = std::from_chars(record.data(), last, entry.line);
  const auto digits = static_cast<std::size_t>(at - record.data());
  if (error != std::errc{} || entry.line >= kMostLines || record.size() < digits + 4) return false;
  const auto mark = record.substr(digits, 3);
  if ((mark != " + " && mark != " - ") || record[digits + 3] != '{' || record.back() != '}') return false;
  entry.good = mark == " + ";
  entry.offset = good_ + digits + 3;
  entry.size = static_cast<std::uint32_t>(record.size() - digits - 3);
  entries_.push_back(entry);
  good_ += record.size() + 1;
  return true;
}

std::optional<std::string> output_line(const std::string& id, const std::string& custom_id,
                                       const LineAnswer& answer) {
  simdjson::dom::parser parser;
  simdjson::dom::element body;
  if (parser.parse(answer.body.data(), answer.body.size()).get(body) != simdjson::SUCCESS)
    return std::nullopt;
  return head_of(id, custom_id) + R"(,"response":{"status_code":)" + std::to_string(answer.status) +
         R"(,"request_id":)" + json_text(answer.request_id) + R"(,"body":)" +
         std::string(simdjson::minify(body)) + R"(},"error":null})";
}

std::string error_line(const std::string& id, const std::string& custom_id, std::string_view code,
                       std::string_view message) {
  return head_of(id, custom_id) + R"(,"response":null,"error":{"code":)" + json_text(code) +
         R"(,"message":)" + json_text(message) + "}}";
}

}  // namespace troupe::batch
