#pragma once
// An error body of any vendor, reduced to the words that matter. For faults.cpp and its rules.
#include <optional>
#include <string>
#include <string_view>

#include "core/fault.hpp"
#include "core/time.hpp"

namespace troupe::providers {

struct Complaint {
  std::string message, type, code, param;
  std::string hints;  ///< other telling words: Google's status and reasons, what OpenRouter heard upstream
  int status = 0;     ///< a status named inside the body; 0 = none
  bool json = false;  ///< the body was JSON
  std::optional<Duration> retry_after;
};

/// The exception's name in AWS' spellings: "ThrottlingException:http://...",
/// "com.amazon.coral#Throttling...".
std::string_view exception_name(std::string_view told);

/// Reads `{"error":{...}}`, `{"error":"text"}`, `{"message"}`, `{"detail"}`, arrays of one, text, HTML,
/// nothing.
Complaint read_complaint(std::string_view body);

/// The fault by status (0 = unknown) and words. nullopt when neither says anything.
std::optional<Fault> classify(int status, const Complaint& complaint);

}  // namespace troupe::providers
