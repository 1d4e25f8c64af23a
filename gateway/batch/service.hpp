#pragma once
// The office on a thread of its own: disks block, I/O threads must not.
#include <functional>
#include <memory>
#include <string>

#include "gateway/batch/office.hpp"

namespace troupe::batch {

/// All functions may be called from any thread and return at once; what they are given is called on the
/// service's thread, once.
class Service {
 public:
  using Answered = std::function<void(Answer)>;
  using Called = std::function<void(LineAnswer)>;
  struct Options {
    std::string directory;  ///< made where it is not there
    std::string node;
    const Clock* clock = nullptr;
    std::uint64_t seed = 1;
    config::Batches batches;
    /// Calls a line as its owner, and answers once, from any thread.
    std::function<void(Work, Called)> call;
  };
  /// Reads the directory; batches that are not over go on. Fails with words for the operator.
  static Result<std::unique_ptr<Service>> start(Options options);
  /// As stop(). Lines under way are forgotten, and made again after the next start.
  virtual ~Service() = default;
  /// Ends the thread: nothing is called any more, what is asked later is forgotten.
  virtual void stop() = 0;

  virtual void ask(Question question, Answered done) = 0;
  virtual void begin_upload(std::function<void(Result<std::string>)> done) = 0;
  virtual void append(std::string upload, std::string bytes, std::function<void(Result<void>)> done) = 0;
  virtual void commit(std::string upload, Upload about, std::function<void(Result<File>)> done) = 0;
  virtual void abandon(std::string upload) = 0;
  virtual void configure(const config::Batches& batches) = 0;
  /// Whether lines are started.
  virtual void set_draining(bool on) = 0;
  virtual void view(std::function<void(Json)> done) = 0;
  virtual const Figures& figures() const = 0;
};

}  // namespace troupe::batch
