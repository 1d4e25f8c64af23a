#include "core/log_thrown.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/log.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;

namespace {

/// What the log says of a coroutine that ended so.
std::string said(std::exception_ptr thrown) {
  const testing::Folder folder;
  log::start(log::Level::info, log::Format::json, folder / "log");
  log::Thrown("copy_exception")(std::move(thrown));
  log::stop();
  std::stringstream out;
  out << std::ifstream(folder / "log").rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("a coroutine that threw is an error of the log, with the exception's words") {
  const auto line = said(std::make_exception_ptr(std::runtime_error("no such luck")));
  CHECK(line.find(R"("level":"error")") != std::string::npos);
  CHECK(line.find("copy_exception") != std::string::npos);
  CHECK(line.find("no such luck") != std::string::npos);
}

TEST_CASE("a coroutine that came to its end is nothing to speak of") {
  CHECK(said(nullptr).empty());
}
