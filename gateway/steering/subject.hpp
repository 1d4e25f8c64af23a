#pragma once
// One request as the configuration's rules see it.
#include <string>
#include <string_view>

#include "config/routing.hpp"
#include "core/time.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::steering {

/// What is known beside the body. Views and pointers of the caller's.
struct Circumstances {
  std::string_view tenant;
  std::string_view task;  ///< x-troupe-task; "" = the classifier says, where a rule asks
  const rules::Pairs* tags = nullptr;
  std::string_view request_id;  ///< what `percent` goes by when neither tenant nor user is known
  const rules::Pairs* headers = nullptr;
  double budget_used = 0;
  WallTime wall{};
};

/// Owns the texts that its facts look at; stays where it was made.
class Subject {
 public:
  /// Prepares what `routing` asks and no more: the whole body is decoded only where a rule wants its last
  /// message or its response format, or how many tools or images there are.
  Subject(const dialects::Request& request, const config::Routing& routing, const Circumstances& around);
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  const rules::Facts& facts() const { return facts_; }

 private:
  void read_body(const dialects::Request& request);

  std::string last_message_, task_;
  rules::Facts facts_;
};

/// The text of the user's last message; "" where there is none, or the body cannot be read. Decodes it.
std::string last_question(const dialects::Request& request);

/// "k=v,k2=v2": blanks around names and values are left out, as is what has no '='. At most 64.
rules::Pairs read_tags(std::string_view text);

/// 0 up to 100 in hundredths, the same for the same caller for ever: tenant and user, else the request.
double share_of(std::string_view tenant, std::string_view user, std::string_view request_id);

}  // namespace troupe::steering
