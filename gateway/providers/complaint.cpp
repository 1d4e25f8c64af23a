#include "gateway/providers/complaint.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gateway/providers/rate_limit_headers.hpp"

namespace troupe::providers {
namespace {

using Json = nlohmann::json;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() || at->is_null() ? nullptr : &*at;
}

/// A string or number as text, "" for anything else.
std::string word(const Json& object, const char* name) {
  const auto* value = member(object, name);
  if (!value) return {};
  if (value->is_string()) return value->get<std::string>();
  return value->is_number() ? value->dump() : std::string();
}

void take_status(const Json& object, const char* name, Complaint& into) {
  const int number = std::atoi(word(object, name).c_str());
  if (into.status == 0 && number >= 400 && number <= 599) into.status = number;
}

/// Google's google.rpc.Status details: reasons, quota names, the wait.
void take_details(const Json& details, Complaint& into) {
  if (!details.is_array()) return;
  for (const auto& entry : details) {
    into.hints += " " + word(entry, "reason");
    if (const auto delay = word(entry, "retryDelay"); !delay.empty()) into.retry_after = parse_span(delay);
    const auto* violations = member(entry, "violations");
    if (!violations || !violations->is_array()) continue;
    for (const auto& violation : *violations) into.hints += " " + word(violation, "quotaId");
  }
}

/// FastAPI's: a text, or a list of {loc,msg,type}.
void take_detail(const Json& detail, Complaint& into) {
  if (detail.is_string()) into.message = detail.get<std::string>();
  if (detail.is_object()) into.message = word(detail, "message");
  if (!detail.is_array()) return;
  for (const auto& entry : detail) {
    const auto text = entry.is_string() ? entry.get<std::string>() : word(entry, "msg");
    into.message += (into.message.empty() ? "" : "; ") + text;
    const auto* where = member(entry, "loc");
    if (into.param.empty() && where && where->is_array() && !where->empty() && where->back().is_string()) {
      into.param = where->back().get<std::string>();
    }
  }
}

void take_object(const Json& error, Complaint& into) {
  for (const char* name : {"message", "Message", "error", "msg"}) {
    if (into.message.empty()) into.message = word(error, name);
  }
  if (into.type.empty()) into.type = word(error, "type");
  if (into.type.empty()) into.type = word(error, "error_type");              // Cohere
  if (into.type.empty()) into.type = exception_name(word(error, "__type"));  // AWS
  if (into.code.empty()) into.code = word(error, "code");
  if (into.param.empty()) into.param = word(error, "param");
  take_status(error, "code", into);
  take_status(error, "status_code", into);
  take_status(error, "status", into);
  into.hints += " " + word(error, "status");
  if (const auto* details = member(error, "details")) take_details(*details, into);
  if (const auto* inner = member(error, "innererror")) into.hints += " " + word(*inner, "code");
  if (const auto* metadata = member(error, "metadata")) {
    const auto raw = word(*metadata, "raw");
    if (!raw.empty()) into.message += ": " + raw;
  }
}

void take_document(const Json& document, Complaint& into) {
  if (document.is_array()) {
    if (!document.empty()) take_document(document.front(), into);
    return;
  }
  if (const auto* error = member(document, "error")) {
    if (error->is_string()) into.message = error->get<std::string>();
    take_object(*error, into);
  }
  if (const auto* detail = member(document, "detail"); detail && into.message.empty())
    take_detail(*detail, into);
  if (!member(document, "error") || into.code.empty()) take_object(document, into);
  if (into.type == "error") into.type.clear();
}

}  // namespace

std::string_view exception_name(std::string_view told) {
  told = told.substr(0, told.find(':'));
  const auto hash = told.rfind('#');
  return hash == told.npos ? told : told.substr(hash + 1);
}

Complaint read_complaint(std::string_view body) {
  Complaint complaint;
  const auto document = Json::parse(body, nullptr, false);
  complaint.json = !document.is_discarded() && document.is_structured();
  if (complaint.json) {
    take_document(document, complaint);
    return complaint;
  }
  const auto start = body.find_first_not_of(" \t\r\n");
  if (start == body.npos || body[start] == '<') return complaint;
  complaint.message = body.substr(start, 2000);
  return complaint;
}

}  // namespace troupe::providers
