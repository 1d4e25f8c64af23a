#pragma once
// What each vendor does differently, behind one interface. Pure: bytes and values in, bytes and values out.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "core/units.hpp"
#include "gateway/dialects/openai_error.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::providers {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Where calls of one key go; computed once per key and configuration, not per request.
struct Origin {
  std::string host, port, path_prefix;  ///< prefix without trailing slash
  bool tls = false;
  std::string authority() const;  ///< host[:port] as the Host header wants it
};

/// One call: the request target, the headers that are specific to it (auth included; Host, Content-Length and
/// Connection are the transport's) and the body.
struct UpstreamCall {
  std::string target;
  std::string headers;  ///< complete lines "Name: value\r\n" ready to be written
  std::string body;
};

/// An answer's head as providers see it: lower-case names.
struct AnswerHead {
  int status = 0;
  Headers headers;
  std::string_view find(std::string_view lower_name) const;  ///< "" when absent
};

/// Limits as the provider's headers tell them (any vendor's spelling), with spans from `wall`.
struct LimitReport {
  struct Window {
    std::optional<std::int64_t> limit, remaining;
    std::optional<Duration> reset;
  };
  Window requests_minute, tokens_minute, input_tokens_minute, output_tokens_minute, requests_day, tokens_day;
  std::optional<Duration> retry_after;
};

/// A failed answer, understood.
struct Verdict {
  Fault fault;
  std::string message;            ///< the provider's own words, for the caller
  std::string type, code, param;  ///< the provider's, where given
  std::optional<Duration> retry_after;
};

/// What a whole (not streamed) answer becomes for the caller.
struct WholeAnswer {
  std::string body;            ///< in the caller's dialect
  std::optional<Usage> usage;  ///< nullopt: the provider gave none
  std::string model;           ///< as the provider reports it
};

/// A stream codec: fed with upstream body bytes in any pieces, appends what the caller should get.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  /// Consumes `bytes`; appends frames for the caller to `out`. After a fault or the end it ignores further
  /// bytes.
  virtual void feed(std::string_view bytes, std::string& out) = 0;
  /// The upstream closed cleanly (or the last chunk came). Sets `fault` to provider_stream_cut when no
  /// terminal event was seen.
  virtual void close(std::string& out) = 0;
  /// After a failure, or a break that only the relay knows of (time): appends what tells the caller so, in
  /// its dialect.
  virtual void fail(const dialects::ErrorReport& report, std::string& out);

  bool content_started = false;    ///< a frame with content (not a preamble) has been appended
  bool ended = false;              ///< the terminal event was seen and appended
  std::optional<Verdict> failure;  ///< error event, malformed frame, or cut
  std::optional<Usage> usage;      ///< latest cumulative figures
  std::int64_t output_bytes =
      0;  ///< text, reasoning and tool argument bytes relayed, for an estimate where usage is missing
};

/// One vendor type. Stateless and shared by all threads.
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual Origin origin(const config::Provider& provider) const = 0;
  /// Builds the call; fails with a caller_* fault when this provider cannot serve a field.
  virtual Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                                    const config::Provider& provider, const config::Key& key) const = 0;
  /// Reads a non-2xx answer (or a 2xx one with an error body).
  virtual Verdict failure(const AnswerHead& head, std::string_view body) const = 0;
  /// A complete 2xx answer.
  virtual Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                                    const AnswerHead& head, std::string body) const = 0;
  /// Whether a 2xx answer to a stream request is a stream.
  virtual bool streams(const AnswerHead& head) const;
  virtual std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                               const config::Provider& provider) const = 0;
  virtual LimitReport limits(const AnswerHead& head, WallTime wall) const = 0;
};

/// The adapter of a type; lives for ever. For what is the same for all of its models (origin, limits); the
/// rest by the next one.
const Adapter& adapter(config::ProviderType type);
/// The adapter for one model: some vendors serve several APIs.
const Adapter& adapter(config::ProviderType type, std::string_view model);

}  // namespace troupe::providers
