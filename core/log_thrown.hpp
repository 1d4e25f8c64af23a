#pragma once
// How a coroutine ends that nobody waits for.
#include <exception>

namespace troupe::log {

/// Its completion handler: the exception that ended it, if one did, is the error `event` of the log.
class Thrown {
 public:
  /// `event` is a literal.
  explicit Thrown(const char* event) : event_(event) {}
  void operator()(std::exception_ptr thrown) const;

 private:
  const char* event_;
};

}  // namespace troupe::log
