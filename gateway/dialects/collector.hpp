#pragma once
// A streamed answer, gathered to a whole one.
#include <map>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects {

/// A sink that keeps everything it hears, at most what the answer itself weighs.
class Collector final : public EventSink {
 public:
  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(Dialect origin, std::string_view signature, bool redacted) override;
  void refusal(std::string_view piece) override;
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const Citation& citation) override;
  void opaque(Dialect origin, std::string_view json) override;
  void usage(const Usage& usage) override;
  void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

  const Reply& reply() const { return reply_; }
  Reply take() { return std::move(reply_); }
  bool whole() const { return whole_; }

 private:
  template <class T>
  T& last();

  Reply reply_;
  std::map<std::size_t, std::size_t> calls_;  ///< ordinal -> place in parts
  bool whole_ = false;
};

/// Tells `out` a whole answer as if it had been streamed, `end` included.
void play(const Reply& reply, EventSink& out);

}  // namespace troupe::dialects
