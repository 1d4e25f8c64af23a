#include "core/log_writer.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/sinks/base_sink.h>
#include <future>

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

/// Keeps what is written; the first write waits until it may go on.
class Kept final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::promise<void> entered, go;
  std::string text;
  int writes = 0;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (writes++ == 0) {
      entered.set_value();
      go.get_future().wait();
    }
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    text.append(formatted.data(), formatted.size());
  }
  void flush_() override {}
};

}  // namespace

TEST_CASE("lines that come while one is written are written together, in order") {
  const auto sink = std::make_shared<Kept>();
  {
    log::Writer writer(sink);
    writer.put("one", false);
    sink->entered.get_future().wait();
    writer.put("two", false);
    writer.put("three", true);
    sink->go.set_value();
  }
  CHECK(sink->text == "one\ntwo\nthree\n");
  CHECK(sink->writes == 2);
}

TEST_CASE("a full buffer drops what comes and counts it") {
  const auto sink = std::make_shared<Kept>();
  {
    log::Writer writer(sink, 8);
    writer.put("one", false);
    sink->entered.get_future().wait();
    writer.put("four", false);
    writer.put("six", false);
    CHECK(writer.dropped() == 1);
    sink->go.set_value();
  }
  CHECK(sink->text == "one\nfour\n");
}

TEST_CASE("a writer that nobody used ends without a word") {
  const auto sink = std::make_shared<Kept>();
  { log::Writer writer(sink); }
  CHECK(sink->writes == 0);
}
