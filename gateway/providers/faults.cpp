#include "gateway/providers/faults.hpp"

#include <fmt/format.h>

#include "gateway/providers/calendar.hpp"
#include "gateway/providers/complaint.hpp"
#include "gateway/providers/rate_limit_headers.hpp"

namespace troupe::providers {
namespace {

/// "Please try again in 6m0s." as OpenAI and Groq write it.
std::optional<Duration> wait_in_words(std::string_view message) {
  constexpr std::string_view kLead = "try again in ";
  const auto at = message.find(kLead);
  if (at == message.npos) return std::nullopt;
  auto text = message.substr(at + kLead.size());
  text = text.substr(0, text.find_first_not_of("0123456789.hms"));
  while (!text.empty() && text.back() == '.') text.remove_suffix(1);
  return text.empty() || text.back() < 'a' ? std::nullopt : parse_span(text);
}

Verdict make_verdict(Fault fault, const Complaint& complaint) {
  Verdict verdict;
  verdict.fault = fault;
  verdict.message = safe_message(complaint.message);
  verdict.type = safe_message(complaint.type, 100);
  verdict.code = safe_message(complaint.code, 100);
  verdict.param = safe_message(complaint.param, 200);
  verdict.retry_after = complaint.retry_after;
  if (!verdict.retry_after) verdict.retry_after = wait_in_words(complaint.message);
  return verdict;
}

std::string describe(int status, std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == body.npos) {
    return fmt::format("The provider answered with status {} and no body.", status);
  }
  const bool html = body.find('<') != body.npos;
  return fmt::format("The provider answered with status {} and {} that names no reason.", status,
                     html ? "a page" : "a body");
}

}  // namespace

Verdict read_failure(const AnswerHead& head, std::string_view body) {
  auto complaint = read_complaint(body);
  if (const auto type = head.find("x-amzn-errortype"); complaint.type.empty()) {
    complaint.type = exception_name(type);
  }
  const int status = head.status >= 300 ? head.status : complaint.status;
  auto verdict = make_verdict(classify(status, complaint).value_or(Fault::provider_server_error), complaint);
  if (verdict.message.empty()) verdict.message = describe(head.status, body);
  // Without our own calendar a date is measured against the provider's: its Date header.
  if (const auto wait = read_retry_after(head, parse_http_date(head.find("date"))))
    verdict.retry_after = wait;
  return verdict;
}

Verdict read_stream_error(std::string_view data, int status) {
  auto complaint = read_complaint(data);
  if (complaint.status == 0) complaint.status = status;
  auto fault = classify(complaint.status, complaint).value_or(Fault::provider_stream_error);
  if (fault == Fault::provider_server_error) fault = Fault::provider_stream_error;
  auto verdict = make_verdict(fault, complaint);
  if (verdict.message.empty())
    verdict.message = "The provider ended the stream with an error that names no reason.";
  return verdict;
}

Verdict stream_fault(Fault fault, std::string message) {
  Verdict verdict;
  verdict.fault = fault;
  verdict.message = std::move(message);
  return verdict;
}

}  // namespace troupe::providers
