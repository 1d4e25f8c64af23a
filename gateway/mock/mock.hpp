#pragma once
// A provider that misbehaves on demand, in every provider's shape: embedded, or as `troupe mock`.
//
//   POST /v1/chat/completions, /v1/embeddings, GET /v1/models[/ID]      OpenAI
//   POST /v1/responses                                                 OpenAI
//   POST /v1/messages, /v1/messages/count_tokens                       Anthropic
//   POST .../models/MODEL:generateContent, :streamGenerateContent      Google
//   POST /model/MODEL/converse, /converse-stream                       AWS Bedrock
//   POST /v2/chat                                                      Cohere
//   POST /api/chat                                                     Ollama
//   GET  /mock/stats      per key: calls, worst rolling minute, models, statuses
//   GET  /mock/seen       what a provider saw: per key the calls of the last and of the worst rolling minute
//   GET  /mock/behaviour, POST /mock/behaviour {"key":"k1","rpm":5,"error_rate":1,"dead":true,...}
//   POST /mock/reset      forgets keys and counts
//   GET  /livez
//
// A call can ask for trouble by its model (mock-error-503, mock-429, mock-overloaded, mock-quota,
// mock-context, mock-refused, mock-missing, mock-reset, mock-hang, mock-cut, mock-stall, mock-malformed,
// mock-truncated, mock-error-event, mock-slow) or by headers: x-mock-act (the same words without "mock-"),
// x-mock-ttft-ms, x-mock-tps, x-mock-tokens, x-mock-after (content frames before the trouble),
// x-mock-retry-after-ms.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "config/types.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "gateway/http/message.hpp"
#include "gateway/mock/behaviour.hpp"

namespace troupe::mock {

struct Options {
  Rules everyone;                     ///< for keys without rules of their own
  std::map<std::string, Rules> keys;  ///< by key_of(call.hpp)
  std::uint64_t seed = 1;             ///< the same seed and order of calls give the same run
};

/// For http::Server; used on one thread. `clock` outlives it.
http::Handler handler(Options options, const Clock& clock);
http::Handler handler(config::MockBehaviour behaviour, std::uint64_t seed, const Clock& clock);

/// The handler with a listener. Runs on `io`; destruction closes everything.
class Server {
 public:
  /// Fails when `listen` (host:port, port 0 picks a free one) cannot be bound.
  static Result<std::unique_ptr<Server>> start(boost::asio::io_context& io, const std::string& listen,
                                               Options options, const Clock& clock);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  virtual void stop() = 0;
};

}  // namespace troupe::mock
