#pragma once
// A small synchronous HTTP client for the verbs: one connection per call, http:// only.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace troupe::cli {

struct Url {
  std::string host, port, path;  ///< path without trailing slash; "" for none
  std::string authority() const;
};

/// "http://host[:port][/path]"; a bare "host:port" is taken for http. Fails with what is wrong.
tl::expected<Url, std::string> parse_url(std::string_view text);

struct Call {
  std::string method = "GET";
  std::string url;  ///< of the node
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Duration timeout = std::chrono::seconds(60);
};

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< lower-case names
  std::string body;
  bool whole = true;  ///< false: the connection broke inside the body
  std::string_view header(std::string_view lower_name) const;
};

/// Lines of a streamed 2xx body as they come, without their end.
using OnLine = std::function<void(std::string_view line)>;

/// The answer, whatever its status; or why none came (a sentence with the address). With `on_line`, bodies of
/// text/event-stream go there line by line and Reply::body stays empty.
tl::expected<Reply, std::string> call(const Call& call, const OnLine& on_line = {});

}  // namespace troupe::cli
