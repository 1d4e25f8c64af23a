#pragma once
// One dialect, both ways: requests, whole answers, streams. Each is pure; nothing keeps state but a stream's
// own coder.
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects {

/// Whom a request is written for.
struct Target {
  std::string model;    ///< as the provider calls it
  std::string flavour;  ///< which of the providers of one shape: "openai", "mistral", "groq", ...; see chat
  bool drop = false;    ///< `drop_params`: leave out what it cannot do instead of refusing (never content)
};

/// Members are null where nobody needs that direction.
struct Codec {
  /// Fails with caller_bad_request that names the parameter.
  Result<Conversation> (*decode_request)(std::string_view body) = nullptr;
  /// Fails with caller_bad_request naming the field that this dialect cannot say, in the words of
  /// `Conversation::origin`.
  Result<std::string> (*encode_request)(const Conversation& talk, const Target& target) = nullptr;
  /// A whole 2xx body. Fails with provider_stream_malformed when it is none (an error body included).
  Result<Reply> (*decode_reply)(std::string_view body) = nullptr;
  std::string (*encode_reply)(const Reply& reply, const Framing& framing) = nullptr;
  std::unique_ptr<StreamDecoder> (*stream_decoder)() = nullptr;
  std::unique_ptr<StreamEncoder> (*stream_encoder)(const Framing& framing) = nullptr;
};

}  // namespace troupe::dialects
